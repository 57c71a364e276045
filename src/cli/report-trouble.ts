/**
 * Says what went wrong: one sentence and what to do, or one JSON document. Failures of the catalogue
 * have their exit code there; everything else is a defect of ours and says so.
 */
import type { Diagnostic } from '../core/flow/index.ts';
import { Failure } from '../core/failure/index.ts';
import type { Surroundings } from './command.ts';
import { paintFor } from './output/colour.ts';
import { exitCodeOfFailure, exitCodes } from './output/exit-codes.ts';
import { json } from './output/json.ts';
import { diagnosticText, validationDocument } from './output/print-diagnostics.ts';
import { harmless } from './output/terminal-text.ts';

/** Returns the diagnostics that a failure carries, if it carries any. */
export function diagnosticsOf(failure: Failure): readonly Diagnostic[] | undefined {
  const { diagnostics } = failure.details;
  return Array.isArray(diagnostics) && diagnostics.length > 0
    ? (diagnostics as readonly Diagnostic[])
    : undefined;
}

/** Returns a failure as the document that programs read. */
export function troubleDocument(error: unknown): Readonly<Record<string, unknown>> {
  if (!(error instanceof Failure)) {
    const message = error instanceof Error ? error.message : String(error);
    return { error: { code: 'unexpected', message, help: defectHelp } };
  }
  const diagnostics = diagnosticsOf(error);
  if (diagnostics !== undefined) return { ...validationDocument(diagnostics) };
  return { error: { code: error.code, message: error.message, help: error.help } };
}

const defectHelp = 'this is a defect of Sluice; set `SLUICE_DEBUG=1` to see where, and report it';

function stackOf(error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : undefined;
  return cause === undefined ? `${stack}\n` : `${stack}\ncaused by ${stackOf(cause)}`;
}

/** Prints what went wrong; `sources` holds the text of files that diagnostics may name. Gives the exit code. */
export function reportTrouble(
  error: unknown,
  wantsJson: boolean,
  { out, err, environment }: Surroundings,
  sources: ReadonlyMap<string, string> = new Map(),
): number {
  const isDebugging = (environment['SLUICE_DEBUG'] ?? '') !== '';
  if (wantsJson) out.write(json(troubleDocument(error)));
  else {
    const paint = paintFor(err, environment);
    const diagnostics = error instanceof Failure ? diagnosticsOf(error) : undefined;
    const message = error instanceof Error ? error.message : String(error);
    const help = error instanceof Failure ? error.help : defectHelp;
    err.write(
      diagnostics === undefined
        ? `${paint('error:', 'red')} ${harmless(message)}\n  ${paint('help:', 'cyan')} ${harmless(help)}\n`
        : diagnostics.map((one) => diagnosticText(one, sources.get(one.file), paint)).join(''),
    );
  }
  if (isDebugging) err.write(stackOf(error));
  return error instanceof Failure ? exitCodeOfFailure(error) : exitCodes.defect;
}
