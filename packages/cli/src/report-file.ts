import { randomUUID } from 'node:crypto'
import {
  accessSync,
  closeSync,
  constants,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { invalidArgument, machineFailed, PosttrainError, shown, systemReason } from '@posttrain/core'
import { fileIdentity, nameOfSource, type LogSource } from '@posttrain/logs'

/**
 * A file that is written at the end and refused at the beginning: never over a log that is read, whatever the two are
 * called, and never half.
 *
 * @param file where the page is wanted
 * @param sources what it is made of
 * @returns how to write the page: beside the file first, then by one rename
 * @throws PosttrainError `invalid-argument` for one of the sources, and for what cannot be written to
 */
export function reportFile(file: string, sources: readonly LogSource[]): (page: string) => void {
  const identity = fileIdentity(file)
  const source = identity === undefined ? undefined : sources.find((one) => fileIdentity(one) === identity)
  if (source !== undefined) {
    throw invalidArgument(`the report ${shown(file)} is the log ${nameOfSource(source)} itself`, OTHER)
  }
  const target = writable(file)
  return (page) => {
    const partial = join(dirname(target), `.posttrain-${randomUUID()}`)
    try {
      const descriptor = openSync(partial, 'wx')
      try {
        writeFileSync(descriptor, page)
        fsyncSync(descriptor)
      } finally {
        closeSync(descriptor)
      }
      renameSync(partial, target)
    } catch (error) {
      rmSync(partial, { force: true })
      throw machineFailed(`cannot write ${shown(file)}: ${systemReason(error)}`, OTHER, error)
    }
  }
}

const OTHER = 'choose another --report'

/** The path of a file that can be written, behind its links. */
function writable(file: string): string {
  const refuse = (why: string): never => {
    throw invalidArgument(`cannot write ${shown(file) || '""'}: ${why}`, OTHER)
  }
  try {
    const found = statSync(file, { throwIfNoEntry: false })
    if (found?.isDirectory()) refuse('it is a folder')
    if (found && !found.isFile()) refuse('it is no file that could be replaced')
    const target = found ? realpathSync(file) : file
    if (found) accessSync(target, constants.W_OK)
    accessSync(target === '' ? target : dirname(target), constants.W_OK)
    return target
  } catch (error) {
    throw error instanceof PosttrainError ? error : refuse(systemReason(error))
  }
}
