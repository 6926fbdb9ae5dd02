import { missingLibrary } from '../missing-module.js'
import type { ProgramVerdict } from '../program-verdict.js'
import type { Failure, Judged } from './ruling.js'
import { signsOf } from './signs.js'

/** The ruling as a caller reads it. A library that is not installed here is no fault of the program. */
export function describeVerdict({ ruling, output, calls }: Judged, code: string): ProgramVerdict {
  const signs = [...signsOf(code, output), ...(ruling.verdict === 'passed' && calls === 0 ? [NEVER_CALLED] : [])]
  if (ruling.verdict === 'passed') {
    const checks = ruling.checks === 1 ? 'the check' : `all ${ruling.checks} checks`
    return { verdict: 'passed', checks: ruling.checks, reason: `passed ${checks}`, signs }
  }
  if (ruling.verdict === 'unscored') return { verdict: 'unscored', reason: ruling.message, signs }
  const missing = missingLibrary(code, ruling.module)
  if (missing !== undefined) return { verdict: 'unscored', reason: missing, signs }
  return { verdict: 'failed', cause: ruling.cause, reason: reasonOf(ruling), signs }
}

/** The sign of a program that passes in no time: its tests ask nothing of it. */
const NEVER_CALLED = 'is never called'

/** One sentence, also where the error had no words. */
export const reasonOf = ({ cause, message }: Failure): string => (message === '' ? SENTENCES[cause] : message)

const SENTENCES = {
  assertion: 'an assertion failed',
  error: 'it raised an error',
  exit: 'it ended its interpreter',
  timeout: 'its time was over',
  memory: 'it used too much memory',
  output: 'it wrote too much',
} as const
