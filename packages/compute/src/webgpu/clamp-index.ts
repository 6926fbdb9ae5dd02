import { invalidArgument } from '@posttrain/core'
import type { GpuPlace } from './runner.js'

/**
 * Indices are in the GPU's memory and cannot be checked before a kernel runs. One out of range is taken as the nearest
 * that is in range: it would read or write another buffer's memory otherwise.
 */
export const clampIndex: string = `
fn clamp_index(i: i32, count: u32) -> u32 { return min(u32(max(i, 0)), count - 1u); }
`

/**
 * Rows of a table that indices point into.
 *
 * @throws PosttrainError `invalid-argument` if it has none, but is asked for some
 */
export function rowsOf(where: string, table: GpuPlace, columns: number, asked: number): number {
  const rows = table.length / columns
  if (rows === 0 && asked > 0) throw invalidArgument(`${where} has no rows, but ${asked} are asked for`)
  return rows
}
