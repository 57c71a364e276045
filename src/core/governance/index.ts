/** The front door of core/governance: what a flow is to governance, and how revisions differ. */
export {
  assessFlow,
  type AssessmentWorld,
  type Autonomy,
  type FlowAssessment,
  type RiskTier,
  type TierReason,
  type TypeEffect,
} from './assess-flow.ts';
export { compareAssessments, type GovernanceChange } from './compare-assessments.ts';
