import type { RangeKernel, WasmExports } from './exports.js'

/** A kernel call that can be cut into ranges. */
export interface Work {
  /** Rows, entries, columns or heads: whatever the kernel counts. */
  readonly total: number
  /** Multiplications and additions, or as long as so many, for each of them: small work is not shared. */
  readonly cost: number
  /** Ranges begin at multiples of this. Default 1. */
  readonly grain?: number
  /** Scratch memory that each thread needs for itself; its address is the kernel's last argument. */
  readonly scratchBytes?: number
}

/** Does work, on one thread or several; returns once all of it is done. */
export type DoWork = (kernel: RangeKernel, work: Work, args: readonly number[]) => void

/** Does all work on the calling thread. */
export const workAlone =
  (wasm: WasmExports, scratch: (bytes: number) => number): DoWork =>
  (kernel, { total, scratchBytes = 0 }, args) =>
    void wasm[kernel](0, total, ...args, scratchBytes > 0 ? scratch(scratchBytes) : 0)
