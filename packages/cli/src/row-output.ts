import { once } from 'node:events'
import type { RowFields } from '@posttrain/logs'
import { RowFile } from './row-file.js'

/** Where rows go: a file that is put in its place at the end, or standard output as fast as it is read. */
export interface RowOutput {
  add(row: RowFields): void | Promise<void>
  finish(): void
  /** Leaves nothing of a file. */
  discard(): void
}

/**
 * @param file absent: standard output
 * @throws PosttrainError `invalid-argument` for a file that cannot be written to
 */
export function rowOutput(file: string | undefined): RowOutput {
  if (file !== undefined) {
    const rows = new RowFile(file, '--out')
    return { add: (row) => rows.add(JSON.stringify(row)), finish: () => rows.finish(), discard: () => rows.discard() }
  }
  return {
    async add(row) {
      if (!process.stdout.write(`${JSON.stringify(row)}\n`)) await drained()
    },
    finish: () => {},
    discard: () => {},
  }
}

/** Waits until standard output takes more. Where it fails there is nothing to go on for; `guardOutput` says why. */
export async function drained(): Promise<void> {
  try {
    await once(process.stdout, 'drain')
  } catch {
    process.exit()
  }
}
