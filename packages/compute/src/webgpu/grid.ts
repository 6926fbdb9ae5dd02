import { unsupported } from '@posttrain/core'

/**
 * Workgroups as the columns and rows of a grid, because there is a limit in each direction; the last row may be longer
 * than needed.
 *
 * @throws PosttrainError `unsupported` if even a full grid is too small.
 */
export function gridOf(kernel: string, groups: number, limit: number): readonly [number, number] {
  const rows = Math.ceil(groups / limit)
  if (rows > limit) {
    throw unsupported(`${kernel}: ${groups} workgroups are more than this GPU starts at once`, 'split the batch')
  }
  return [Math.ceil(groups / rows), rows]
}
