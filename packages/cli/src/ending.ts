import { PosttrainError, shown, systemCode, systemReason } from '@posttrain/core'
import { CommanderError } from 'commander'
import { EXIT } from './exit-status.js'

/** How the command ends: its status, and what standard error says. */
export interface Ending {
  readonly status: number
  readonly text: string
}

/** Characters of a sentence that anybody reads. */
const LONGEST = 2_000

/** What V8 and Node say where something is larger than they can hold; none of it is a defect. */
const TOO_LARGE =
  /maximum size exceeded|Invalid (string|array|typed array|array buffer) length|allocation failed|could not allocate|longer than 0x/i
const TOO_DEEP = /Maximum call stack size exceeded/

/** Error and hint as two lines. */
const sentence = (message: string, hint?: string): string =>
  `error: ${shown(message, LONGEST)}\n${hint === undefined ? '' : `hint: ${shown(hint, LONGEST)}\n`}`

/**
 * How the command ends after an error: the one place where errors become text and exit status.
 *
 * Input, options and the machine end with one sentence and what to do. Only a defect shows where it happened.
 */
export function endingOf(error: unknown): Ending {
  // Commander has said already what it has to say.
  if (error instanceof CommanderError) return { status: error.exitCode === 0 ? EXIT.done : EXIT.wrongInput, text: '' }
  if (error instanceof PosttrainError) {
    const status = error.code === 'machine-failed' ? EXIT.machineFailed : EXIT.wrongInput
    return { status, text: sentence(error.message, error.hint) }
  }
  if (systemCode(error) !== undefined) {
    const { path, syscall = 'use' } = error as NodeJS.ErrnoException
    const what = `cannot ${syscall} ${path === undefined ? 'a file or stream' : shown(path)}: ${systemReason(error)}`
    return { status: EXIT.machineFailed, text: sentence(what, 'make that possible, and try again') }
  }
  if (error instanceof RangeError || (error instanceof Error && 'code' in error)) {
    if (TOO_LARGE.test(error.message)) {
      const hint = 'use less of it at once, or a machine with more memory'
      return { status: EXIT.machineFailed, text: sentence(`this is more than can be held: ${error.message}`, hint) }
    }
    if (TOO_DEEP.test(error.message)) {
      return { status: EXIT.wrongInput, text: sentence('the input is nested too deep', 'make it flatter') }
    }
  }
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error)
  const lines = trace.split('\n').map((line) => shown(line, LONGEST))
  return { status: EXIT.defect, text: `${lines.join('\n')}\nThis is a defect of posttrain; please report it.\n` }
}
