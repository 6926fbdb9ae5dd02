import type { RangeKernel, WasmExports } from './exports.js'

/** A kernel call that can be cut into ranges. */
export interface Work {
  /** Number of rows, entries, columns or heads, whichever the kernel counts. */
  readonly total: number
  /** Time that one of them takes, in multiplications and additions: small work is not shared. */
  readonly cost: number
  /** Ranges begin at multiples of this. Default 1. */
  readonly grain?: number | undefined
  /** Scratch memory of each thread; its address is the kernel's last argument. Default 0. */
  readonly scratchBytes?: number | undefined
}

/** Does work, on one thread or several, and returns when all of it is done. */
export type DoWork = (kernel: RangeKernel, work: Work, args: readonly number[]) => void

/** Does all work on the calling thread. */
export const workAlone =
  (wasm: WasmExports, scratch: (bytes: number) => number): DoWork =>
  (kernel, { total, scratchBytes = 0 }, args) =>
    void wasm[kernel](0, total, ...args, scratchBytes > 0 ? scratch(scratchBytes) : 0)
