/** The front door of runtime/anchors: checkpoints kept outside, by file, webhook and mail. */
export {
  addAnchor,
  type AddedAnchor,
  type Anchor,
  type AnchorOutcome,
  type AnchorParts,
  type HeldByAnchor,
  listAnchors,
  readAnchors,
  removeAnchor,
  runAnchors,
  testAnchor,
} from './anchors.ts';
export { isWebhookSecret, webhookHeaders } from './sign-webhook.ts';
