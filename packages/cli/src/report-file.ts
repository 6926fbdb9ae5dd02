import { invalidArgument, shown } from '@posttrain/core'
import { fileIdentity, nameOfSource, type LogSource } from '@posttrain/logs'
import { outputFile } from './output-file.js'

/**
 * A report that is written at the end and refused at the beginning: never over a log that is read, whatever the two are
 * called.
 *
 * @param file where it is wanted
 * @param sources what it is made of
 * @param option of the command that named it (default `--report`)
 * @returns how to write it
 * @throws PosttrainError `invalid-argument` for one of the sources, and for what cannot be written to
 */
export function reportFile(
  file: string,
  sources: readonly LogSource[],
  option: '--report' | '--junit' = '--report',
): (content: string) => void {
  const identity = fileIdentity(file)
  const source = identity === undefined ? undefined : sources.find((one) => fileIdentity(one) === identity)
  if (source === undefined) return outputFile(file, option)
  throw invalidArgument(
    `the report ${shown(file)} is the log ${nameOfSource(source)} itself`,
    `choose another ${option}`,
  )
}
