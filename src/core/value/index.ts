/** The front door of core/value: values, their provenance, and how both become text. */
export { decodeValue, encodeValue, plainText, toPlain } from './encode-value.ts';
export {
  decodeMarks,
  encodeMarks,
  flatten,
  joinMarks,
  type Marked,
  type Marks,
  marksAt,
  marksOf,
  marksOfParts,
  plainMarks,
  unmarked,
} from './marks.ts';
export {
  classesHeld,
  type MarkedPart,
  type MaskText,
  maskParts,
  maskValue,
} from './mask-value.ts';
export {
  covers,
  type DataClass,
  joinProvenance,
  type Provenance,
  plain,
  provenanceOf,
  readProvenance,
  type Trust,
  trustLevels,
  unknownProvenance,
} from './provenance.ts';
export {
  Double,
  double,
  emptyMap,
  entryOf,
  integer,
  isList,
  isMap,
  isTime,
  mapOf,
  type Scalar,
  type TimeValue,
  type Value,
  type ValueMap,
} from './value.ts';
