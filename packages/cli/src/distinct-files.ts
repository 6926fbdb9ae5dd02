import { invalidArgument, shown } from '@posttrain/core'
import { fileIdentity } from '@posttrain/logs'
import { sourceOf } from './read-log-files.js'

/**
 * Refuses a file that is given twice, which would count double, and one that is written over while it is read.
 *
 * @param out where the command writes, if to a file
 */
export function requireDistinctFiles(files: readonly string[], out?: string): void {
  const seen = new Map<string | undefined, string>()
  if (out !== undefined) seen.set(fileIdentity(out), `--out ${shown(out)}`)
  for (const file of files) {
    const identity = fileIdentity(sourceOf(file))
    const before = identity === undefined ? undefined : seen.get(identity)
    if (before !== undefined) throw invalidArgument(`${shown(file)} is ${before}, too`, 'name each file once')
    seen.set(identity, shown(file))
  }
}
