import type { Device, DeviceBuffer } from '@posttrain/compute'
import type { ScoreName } from '@posttrain/core'
import type { PrefixTable } from './prefix-table.js'

/** Logits on a device, one row per prompt and prefix, and if there is a value table one value for each. */
export interface LogitTable {
  readonly device: Device
  readonly rows: PrefixTable
  readonly logits: DeviceBuffer
  readonly values?: DeviceBuffer | undefined
}

/** The scores of a table, with or without values. */
export const tabularScores = (hasValues: boolean): ReadonlySet<ScoreName> =>
  new Set<ScoreName>(['logprob', 'entropy', 'klToReference', ...(hasValues ? (['value'] as const) : [])])

/** Copies rows of a table, by their numbers, into `out`. */
export function gatherTableRows(
  device: Device,
  source: DeviceBuffer,
  columns: number,
  tableRows: readonly number[],
  indices: DeviceBuffer,
  out: DeviceBuffer,
): void {
  device.write(indices, tableRows)
  device.gatherRows({ rows: tableRows.length, columns, source, indices, out })
}
