import type { GpuPlace } from './runner.js'

/**
 * WGSL that replaces an index out of range by the nearest in range; otherwise it would read or write another buffer's
 * memory. Indices lie in the GPU's memory and cannot be checked before a kernel runs.
 */
export const clampIndex: string = `
fn clamp_index(i: i32, count: u32) -> u32 { return min(u32(max(i, 0)), count - 1u); }
`

/** The number of rows of a table that is indexed. */
export const rowsOf = (table: GpuPlace, columns: number): number => table.length / columns
