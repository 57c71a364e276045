/** The front door of runtime/subjects: whom values are about, and how what is about them is kept. */
export { createKeptAnswers, forgetAnswers, type KeptAnswers } from './kept-answers.ts';
export { mayConcern, openHidden, redactText } from './protect-record.ts';
export { blobPlace, createProtectedBlobs, type FileProtection } from './protected-blobs.ts';
export { createProtectedStore, pairPlace } from './protected-store.ts';
export {
  createSubjectRegister,
  type Subject,
  subjectKind,
  type SubjectParts,
  type SubjectRegister,
} from './subject-register.ts';
export {
  createVault,
  guardedClasses,
  manySubjects,
  protectedClasses,
  subjectsOf,
  type Vault,
} from './vault.ts';
