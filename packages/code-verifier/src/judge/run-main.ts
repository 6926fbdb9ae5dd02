import type { Interpreter, Written } from '../engine/interpreter.js'
import { failureOf } from './failure.js'
import { readJson } from './read-json.js'
import type { Failure } from './ruling.js'

/** What became of one run of a main program. All of it but the time is the word of the program's interpreter. */
export interface MainRun extends Written {
  /** Undefined where it did not come to an end by itself. */
  readonly exitCode: number | undefined
  /** Why it did not end with exit status 0. */
  readonly failure: Failure | undefined
  /** Whether its interpreter broke for a reason that may be its predecessor's. */
  readonly broken: boolean
  /** Wall time. */
  readonly seconds: number
}

/**
 * Runs a main program once, on standard input, and ends it when its time is over.
 *
 * @param interpreter one that is idle
 * @param limit of seconds for this run
 * @param words for the limit in the message
 */
export async function runMain(
  interpreter: Interpreter,
  code: string,
  stdin: string,
  limit: number,
  words = `${limit} s are over`,
): Promise<MainRun> {
  const start = performance.now()
  const deadline = setTimeout(() => interpreter.kill('timeout', words), limit * 1000)
  const said = await interpreter.say(JSON.stringify({ role: 'main', code, stdin }))
  clearTimeout(deadline)
  const seconds = (performance.now() - start) / 1000
  if (said.kind === 'ask') {
    const failure = failureOf({ message: 'it asked something' })
    return { stdout: '', stderr: '', exitCode: undefined, failure, broken: true, seconds }
  }
  const written = { stdout: textOf(said.stdout), stderr: textOf(said.stderr), seconds }
  if (said.kind === 'died') {
    const broken = said.cause === 'error'
    return { ...written, exitCode: exitCodeOf(said.exitCode), failure: failureOf(said), broken }
  }
  const { status, failure } = readEnd(said.text)
  return { ...written, exitCode: status, failure, broken: false }
}

/** What the interpreter says of the end: whatever is not an exit status of 0 is a failure. */
function readEnd(text: string): { readonly status: number | undefined; readonly failure: Failure | undefined } {
  const ended = readJson(text)
  if (typeof ended !== 'object' || ended === null) return { status: undefined, failure: failureOf(undefined) }
  const { status, threw } = ended as { readonly status?: unknown; readonly threw?: unknown }
  const known = exitCodeOf(status)
  if (known === 0 && threw === undefined) return { status: 0, failure: undefined }
  return { status: known, failure: failureOf(threw) }
}

/** An exit status as a shell sees it. */
const exitCodeOf = (status: unknown): number | undefined =>
  Number.isInteger(status) ? (status as number) & 0xff : undefined

const textOf = (written: unknown): string => (typeof written === 'string' ? written : '')
