// The kernels of the wasm device. Buffers are byte addresses of f32 (or i32) values, row-major; the host owns the
// memory from `heapStart` on and hands every kernel that needs scratch memory as much as its …ScratchBytes says.

export { adamW } from './adam-w'
export { gelu, geluBackward, relu, reluBackward } from './activation'
export { attention, attentionBackward, attentionScratchBytes } from './attention'
export { cachedAttention, cachedAttentionScratchBytes } from './cached-attention'
export { add, sumOfSquares } from './elementwise'
export { layerNorm, layerNormBackward, layerNormScratchBytes } from './layer-norm'
export { matmul, matmulScratchBytes } from './matmul'
export { embedding, embeddingBackward, gatherRows, scatterAddRows } from './rows'
export { sampleTokens, sampleTokensScratchBytes } from './sample-tokens'
export { sumRows, sumRowsScratchBytes } from './sum-rows'
export { tokenScores, tokenScoresBackward, tokenScoresScratchBytes } from './token-scores'

/** First address that no static data uses. */
export function heapStart(): usize {
  return __heap_base
}
