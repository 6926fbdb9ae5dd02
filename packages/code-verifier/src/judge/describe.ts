import { isLibrary } from '../missing-module.js'
import type { ProgramVerdict } from '../program-verdict.js'
import type { Judged } from './ruling.js'
import { signsOf } from './signs.js'

/** The ruling as a caller reads it. A library that is not installed here is no fault of the program. */
export function describeVerdict({ ruling, output }: Judged, code: string): ProgramVerdict {
  const signs = signsOf(code, output)
  if (ruling.verdict === 'passed') {
    const checks = ruling.checks === 1 ? 'the check' : `all ${ruling.checks} checks`
    return { verdict: 'passed', checks: ruling.checks, reason: `passed ${checks}`, signs }
  }
  if (ruling.verdict === 'unscored') return { verdict: 'unscored', reason: ruling.message, signs }
  const { cause, message, module } = ruling
  if (module !== undefined && imports(code, module) && isLibrary(module)) {
    return { verdict: 'unscored', reason: `the program imports ${module}, which is not installed here`, signs }
  }
  return { verdict: 'failed', cause, reason: message === '' ? SENTENCES[cause] : message, signs }
}

const SENTENCES = {
  assertion: 'an assertion failed',
  error: 'it raised an error',
  exit: 'it ended its interpreter',
  timeout: 'its time was over',
  memory: 'it used too much memory',
  output: 'it wrote too much',
} as const

/** Whether the code has an import of the module: an error of that name alone may be made up. */
const imports = (code: string, module: string): boolean =>
  new RegExp(`^[ \\t]*(?:from|import)\\b[^\\n]*\\b${module.replace(/[^A-Za-z0-9_]/g, '')}\\b`, 'm').test(code)
