/** The front door of core/failure: the catalogue, the one failure class, and what a bug looks like. */
export { type CatalogueEntry, catalogue, type FailureCode } from './catalogue.ts';
export { assert, Failure, type FailureDetails, unreachable } from './failure.ts';
