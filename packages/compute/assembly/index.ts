// The kernels of the wasm device. A buffer is the byte address of f32 (or i32) values, row-major. The host owns the
// memory from `heapStart` on. A kernel that needs scratch memory gets as much as its …ScratchBytes says.
//
// A kernel whose first arguments are `from` and `to` does that range of its rows (entries, columns, heads), so that
// threads can share its work. Ranges write to different outputs, and no result depends on how the work is cut.

export { adamW } from './adam-w'
export { gelu, geluBackward, relu, reluBackward, silu, siluBackward } from './activation'
export { attention, attentionBackward, attentionScratchBytes } from './attention'
export { cachedAttention, cachedAttentionScratchBytes } from './cached-attention'
export { add, sumOfSquares } from './elementwise'
export { layerNorm, layerNormBackward } from './layer-norm'
export { matmul, matmulScratchBytes } from './matmul'
export { rmsNorm, rmsNormBackward } from './rms-norm'
export { rotary } from './rotary'
export { addRowBlocks, rowBlocksBytes, rowsPerBlock } from './row-blocks'
export { embedding, embeddingBackward, gatherRows, scatterAddRows } from './rows'
export { sampleTokens, sampleTokensScratchBytes } from './sample-tokens'
export { sumRows, sumRowsScratchBytes } from './sum-rows'
export { swiglu, swigluBackward } from './swiglu'
export { tokenScores, tokenScoresBackward, tokenScoresScratchBytes } from './token-scores'

/** First address that no static data uses. */
export function heapStart(): usize {
  return __heap_base
}
