/** Kernels that do a range of their work: `(from, to, …arguments, scratch)`. */
export type RangeKernel =
  | 'adamW'
  | 'add'
  | 'attention'
  | 'attentionBackward'
  | 'bootstrapMeans'
  | 'cachedAttention'
  | 'embedding'
  | 'gatherRows'
  | 'gelu'
  | 'geluBackward'
  | 'layerNorm'
  | 'layerNormBackward'
  | 'majorityVotes'
  | 'matmul'
  | 'relu'
  | 'reluBackward'
  | 'rmsNorm'
  | 'rmsNormBackward'
  | 'rotary'
  | 'sampleTokens'
  | 'silu'
  | 'siluBackward'
  | 'sumRows'
  | 'swiglu'
  | 'swigluBackward'
  | 'tokenScores'
  | 'tokenScoresBackward'

/** Kernels for one thread, sizes of scratch memory, and the end of the static data. */
type OtherExport =
  | 'addRowBlocks'
  | 'attentionScratchBytes'
  | 'cachedAttentionScratchBytes'
  | 'embeddingBackward'
  | 'heapStart'
  | 'majorityVotesScratchBytes'
  | 'matmulScratchBytes'
  | 'rowBlocksBytes'
  | 'sampleTokensScratchBytes'
  | 'scatterAddRows'
  | 'sumOfSquares'
  | 'sumRowsScratchBytes'
  | 'tokenScoresScratchBytes'

/** What the compiled module exports; sizes, addresses and flags are all numbers there. */
export type WasmExports = {
  readonly [name in RangeKernel | OtherExport]: (...numbers: number[]) => number
}
