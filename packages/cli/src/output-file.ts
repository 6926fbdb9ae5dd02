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
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { invalidArgument, machineFailed, PosttrainError, shown, systemReason } from '@posttrain/core'

/**
 * A file that is written at the end and tried at the beginning; never half. If it cannot be written then all the same,
 * what should be in it is kept in the folder for temporary files.
 *
 * @param file where it is wanted; one that is there is replaced
 * @param option of the command that named it
 * @returns how to write it: beside the file first, then by one rename
 * @throws PosttrainError `invalid-argument` for what cannot be written to; `machine-failed` when it is written, with
 *   the place of what was kept
 */
export function outputFile(file: string, option: string): (content: string | Uint8Array) => void {
  const other = `choose another ${option}`
  const target = writable(file, other)
  return (content) => {
    const partial = partialBeside(target)
    try {
      writeSynced(partial, content)
      renameSync(partial, target)
    } catch (error) {
      rmSync(partial, { force: true })
      const kept = keep(content, basename(target))
      const hint = kept === undefined ? other : `it is kept as ${kept}: move it to where it belongs`
      throw machineFailed(`cannot write ${shown(file)}: ${systemReason(error)}`, hint, error)
    }
  }
}

/** Where the content is kept, if it can be. */
function keep(content: string | Uint8Array, name: string): string | undefined {
  const file = join(tmpdir(), `posttrain-${randomUUID()}-${name}`)
  try {
    writeSynced(file, content)
    return file
  } catch {
    rmSync(file, { force: true })
    return undefined
  }
}

/** A path of a file's own beside another, for what is not whole yet. */
export const partialBeside = (target: string): string => join(dirname(target), `.posttrain-${randomUUID()}`)

function writeSynced(file: string, content: string | Uint8Array): void {
  const descriptor = openSync(file, 'wx')
  try {
    writeFileSync(descriptor, content)
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

/** The path of a file that can be written, behind its links: one beside it is written and removed. */
export function writable(file: string, other: string): string {
  const refuse = (why: string): never => {
    throw invalidArgument(`cannot write ${shown(file) || '""'}: ${why}`, other)
  }
  try {
    const found = statSync(file, { throwIfNoEntry: false })
    if (found?.isDirectory()) refuse('it is a folder')
    if (found && !found.isFile()) refuse('it is no file that could be replaced')
    const target = found ? realpathSync(file) : file
    if (found) accessSync(target, constants.W_OK)
    if (target === '') accessSync(target)
    const partial = partialBeside(target)
    writeSynced(partial, '')
    rmSync(partial)
    return target
  } catch (error) {
    throw error instanceof PosttrainError ? error : refuse(systemReason(error))
  }
}
