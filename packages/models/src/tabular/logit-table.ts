import type { Device, DeviceBuffer } from '@posttrain/compute'
import type { PrefixTable } from './prefix-table.js'

/** Logits on a device, one row per prompt and prefix, and if there is a value table one value for each. */
export interface LogitTable {
  readonly device: Device
  readonly rows: PrefixTable
  readonly logits: DeviceBuffer
  readonly values?: DeviceBuffer
}

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
