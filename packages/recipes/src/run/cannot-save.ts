import { machineFailed, systemCode, systemReason } from '@posttrain/core'

/** What a run ends with that cannot write to its folder; any error but that of a disk as it is. */
export function cannotSave(path: string, recipe: string, error: unknown): unknown {
  const code = systemCode(error)
  if (code === undefined) return error
  const isGone = code === 'ENOENT' || code === 'ENOTDIR'
  if (isGone) {
    return machineFailed(
      `${path} is gone: it was removed or moved while the run was writing to it`,
      `if you moved it, continue with: posttrain run ${recipe} --resume <where it is now>`,
      error,
    )
  }
  return machineFailed(
    `cannot save to ${path}: ${systemReason(error)}`,
    `what was saved before is kept: put that right, then continue with: posttrain run ${recipe} --resume ${path}`,
    error,
  )
}
