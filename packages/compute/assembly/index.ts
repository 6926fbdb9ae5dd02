// The kernels of the wasm device. Buffers are byte addresses of f32 (or i32) values, row-major; the host owns the
// memory from `heapStart` on and hands every kernel that needs scratch memory as much as its …ScratchBytes says.
//
// A kernel whose first arguments are `from` and `to` does that part of its rows (entries, columns, heads): threads share the
// work so. Parts touch different outputs, and no result depends on how the work is cut.

export { adamW } from './adam-w'
export { gelu, geluBackward, relu, reluBackward, silu, siluBackward } from './activation'
export { attention, attentionBackward, attentionScratchBytes } from './attention'
export { cachedAttention, cachedAttentionScratchBytes } from './cached-attention'
export { add, sumOfSquares } from './elementwise'
export { layerNorm, layerNormBackward } from './layer-norm'
export { matmul, matmulScratchBytes } from './matmul'
export { rmsNorm, rmsNormBackward } from './rms-norm'
export { rotary } from './rotary'
export { addRowBlocks, rowBlocksBytes } from './row-blocks'
export { embedding, embeddingBackward, gatherRows, scatterAddRows } from './rows'
export { sampleTokens, sampleTokensScratchBytes } from './sample-tokens'
export { bootstrapMeans, majorityVotes, majorityVotesScratchBytes } from './statistics'
export { sumRows, sumRowsScratchBytes } from './sum-rows'
export { swiglu, swigluBackward } from './swiglu'
export { tokenScores, tokenScoresBackward, tokenScoresScratchBytes } from './token-scores'

/** First address that no static data uses. */
export function heapStart(): usize {
  return __heap_base
}
