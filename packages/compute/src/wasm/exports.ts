import type { KernelName } from '../kernels.js'
import type { Activation } from '../kernels/activations.js'

/** Kernels of which every activation has its own. */
type ByActivation = 'activation' | 'activationBackward'

/** Kernels for one thread: two rows may be added to the same one. */
type WholeKernel = 'embeddingBackward' | 'scatterAddRows'

/** Kernels that do a range of their work: `(from, to, …arguments, scratch)`. */
export type RangeKernel = Exclude<KernelName, ByActivation | WholeKernel> | Activation | `${Activation}Backward`

/** Sizes of scratch memory, parts of kernels, and the end of the static data. */
type OtherExport =
  | 'addRowBlocks'
  | 'attentionScratchBytes'
  | 'cachedAttentionScratchBytes'
  | 'heapStart'
  | 'matmulScratchBytes'
  | 'rowBlocksBytes'
  | 'rowsPerBlock'
  | 'sampleTokensScratchBytes'
  | 'sumOfSquares'
  | 'sumRowsScratchBytes'
  | 'tokenScoresScratchBytes'

/** What the compiled module exports; sizes, addresses and flags are all numbers there. */
export type WasmExports = {
  readonly [name in RangeKernel | WholeKernel | OtherExport]: (...numbers: number[]) => number
}
