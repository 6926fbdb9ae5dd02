import { missingLibrary } from '../missing-module.js'
import type { ProgramRun } from '../program-run.js'
import { reasonOf } from './describe.js'
import type { MainRun } from './run-main.js'

/** A run as a caller reads it. A library that is not installed here is no fault of the program. */
export function describeRun({ failure, stdout, stderr, exitCode, seconds }: MainRun, code: string): ProgramRun {
  const run = { stdout, stderr, exitCode, seconds }
  if (failure === undefined || exitCode === 0) {
    return { ...run, status: 'finished', reason: 'it ended with exit status 0' }
  }
  const missing = missingLibrary(code, failure.module)
  if (missing !== undefined) return { ...run, status: 'unscored', reason: missing }
  const reason = reasonOf(failure)
  if (failure.cause === 'output') return { ...run, status: 'output', reason, stderr: `${stderr}\n[cut: ${reason}]\n` }
  // Without tests there is no assertion but the program's own, which is an error like another.
  return { ...run, status: failure.cause === 'assertion' ? 'error' : failure.cause, reason }
}
