import type { ReferenceKernel } from './reference-kernel.js'
import { logSoftmax } from './softmax.js'

/** The last row of causal attention, with the keys and values of the tokens before it taken from the caches. */
export const cachedAttention: ReferenceKernel<'cachedAttention'> = (args) => {
  const { batch, heads, headSize, capacity, qkv, keys, values, positions, out } = args
  const width = heads * headSize
  const scale = 1 / Math.sqrt(headSize)
  for (let b = 0; b < batch; b++) {
    const position = positions[b]!
    const token = qkv.subarray(b * 3 * width, (b + 1) * 3 * width)
    const slot = (b * capacity + position) * width
    for (let d = 0; d < width; d++) {
      keys[slot + d] = token[width + d]!
      values[slot + d] = token[2 * width + d]!
    }
    for (let h = 0; h < heads; h++) {
      const cached = (t: number, d: number): number => (b * capacity + t) * width + h * headSize + d
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
