type KernelExport =
  | 'adamW'
  | 'gelu'
  | 'geluBackward'
  | 'relu'
  | 'reluBackward'
  | 'attention'
  | 'attentionBackward'
  | 'attentionScratchBytes'
  | 'cachedAttention'
  | 'cachedAttentionScratchBytes'
  | 'add'
  | 'sumOfSquares'
  | 'sumRows'
  | 'layerNorm'
  | 'layerNormBackward'
  | 'layerNormScratchBytes'
  | 'matmul'
  | 'matmulScratchBytes'
  | 'embedding'
  | 'embeddingBackward'
  | 'gatherRows'
  | 'scatterAddRows'
  | 'sampleTokens'
  | 'sampleTokensScratchBytes'
  | 'tokenScores'
  | 'tokenScoresBackward'
  | 'tokenScoresScratchBytes'
  | 'heapStart'

/** What the compiled module exports; sizes, addresses and flags are all numbers there. */
export type WasmExports = { readonly memory: WebAssembly.Memory } & {
  readonly [name in KernelExport]: (...numbers: number[]) => number
}
