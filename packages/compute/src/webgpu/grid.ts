import { unsupported } from '@posttrain/core'

/**
 * Arranges workgroups in columns and rows, because there is a limit for each. The last row may be longer than needed.
 *
 * @throws PosttrainError `unsupported` if even the largest grid is too small
 */
export function gridOf(kernel: string, groups: number, limit: number): readonly [number, number] {
  const rows = Math.ceil(groups / limit)
  if (rows > limit) {
    throw unsupported(`${kernel}: ${groups} workgroups are more than this GPU starts at once`, 'split the batch')
  }
  return [Math.ceil(groups / rows), rows]
}
