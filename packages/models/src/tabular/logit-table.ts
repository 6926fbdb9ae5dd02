import type { Device, DeviceBuffer } from '@posttrain/compute'
import type { PrefixTable } from './prefix-table.js'

/** Logits on a device, one row per prompt and prefix. */
export interface LogitTable {
  readonly device: Device
  readonly rows: PrefixTable
  readonly logits: DeviceBuffer
}

/** Copies rows of a table's logits, by their numbers, into `out`. */
export function gatherLogits(
  { device, rows }: LogitTable,
  source: DeviceBuffer,
  tableRows: readonly number[],
  indices: DeviceBuffer,
  out: DeviceBuffer,
): void {
  device.write(indices, tableRows)
  device.gatherRows({ rows: tableRows.length, columns: rows.vocabulary, source, indices, out })
}
