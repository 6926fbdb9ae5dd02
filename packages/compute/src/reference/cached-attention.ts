import type { ReferenceKernel } from './reference-kernel.js'
import { logSoftmax } from './softmax.js'

/** The last row of causal attention; the keys and values of the tokens before it come from the caches. */
export const cachedAttention: ReferenceKernel<'cachedAttention'> = (args) => {
  const { batch, heads, keyValueHeads, headSize, capacity, qkv, keys, values, positions, out } = args
  const width = heads * headSize
  const cacheWidth = keyValueHeads * headSize
  const scale = 1 / Math.sqrt(headSize)
  for (let b = 0; b < batch; b++) {
    const position = positions[b]!
    const token = qkv.subarray(b * (width + 2 * cacheWidth), (b + 1) * (width + 2 * cacheWidth))
    const slot = (b * capacity + position) * cacheWidth
    for (let d = 0; d < cacheWidth; d++) {
      keys[slot + d] = token[width + d]!
      values[slot + d] = token[width + cacheWidth + d]!
    }
    for (let h = 0; h < heads; h++) {
      const shared = Math.floor((h * keyValueHeads) / heads)
      const cached = (t: number, d: number): number => (b * capacity + t) * cacheWidth + shared * headSize + d
      const scores = new Float64Array(position + 1)
      for (let t = 0; t <= position; t++) {
        for (let d = 0; d < headSize; d++) scores[t]! += token[h * headSize + d]! * keys[cached(t, d)]! * scale
      }
      const p = logSoftmax(scores).map(Math.exp)
      for (let d = 0; d < headSize; d++) {
        let sum = 0
        for (let t = 0; t <= position; t++) sum += p[t]! * values[cached(t, d)]!
        out[b * width + h * headSize + d] = sum
      }
    }
  }
}
