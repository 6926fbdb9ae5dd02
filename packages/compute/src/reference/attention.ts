import type { ReferenceKernel } from './reference-kernel.js'
import { logSoftmax } from './softmax.js'

type Part = 'query' | 'key' | 'value'

/** Where entry d of the query of head h of token t is, or of the key or value that this head reads. */
const qkvIndex = (
  { length, heads, keyValueHeads, headSize }: Record<'length' | 'heads' | 'keyValueHeads' | 'headSize', number>,
  b: number,
  h: number,
): ((t: number, part: Part, d: number) => number) => {
  const shared = Math.floor((h * keyValueHeads) / heads)
  const head = { query: h, key: heads + shared, value: heads + keyValueHeads + shared }
  return (t, part, d) => ((b * length + t) * (heads + 2 * keyValueHeads) + head[part]) * headSize + d
}

/**
 * Causal attention per head: P = softmax(Q·Kᵀ/√d) over the tokens up to the query's own, out = P·V.
 *
 * Vaswani et al., Attention Is All You Need, eq. 1, https://arxiv.org/abs/1706.03762
 */
export const attention: ReferenceKernel<'attention'> = (args) => {
  const { batch, length, heads, headSize, qkv, out, probabilities } = args
  const width = heads * headSize
  const scale = 1 / Math.sqrt(headSize)
  for (let b = 0; b < batch; b++) {
    for (let h = 0; h < heads; h++) {
      const index = qkvIndex(args, b, h)
      const at = (t: number, part: Part, d: number): number => qkv[index(t, part, d)]!
      for (let i = 0; i < length; i++) {
        const scores = new Float64Array(i + 1)
        for (let j = 0; j <= i; j++) {
          for (let d = 0; d < headSize; d++) scores[j]! += at(i, 'query', d) * at(j, 'key', d) * scale
        }
        const p = logSoftmax(scores).map(Math.exp)
        const row = ((b * heads + h) * length + i) * length
        for (let j = 0; j < length; j++) probabilities[row + j] = p[j] ?? 0
        for (let d = 0; d < headSize; d++) {
          let sum = 0
          for (let j = 0; j <= i; j++) sum += p[j]! * at(j, 'value', d)
          out[(b * length + i) * width + h * headSize + d] = sum
        }
      }
    }
  }
}

/**
 * ∂V = Pᵀ·∂O; ∂P = ∂O·Vᵀ; ∂S = P∘(∂P − rowsum(P∘∂P))/√d; ∂Q = ∂S·K; ∂K = ∂Sᵀ·Q.
 */
export const attentionBackward: ReferenceKernel<'attentionBackward'> = (args) => {
  const { batch, length, heads, headSize, qkv, probabilities, gradOut, gradQkv } = args
  const width = heads * headSize
  const scale = 1 / Math.sqrt(headSize)
  gradQkv.fill(0)
  for (let b = 0; b < batch; b++) {
    for (let h = 0; h < heads; h++) {
      const index = qkvIndex(args, b, h)
      for (let i = 0; i < length; i++) {
        const p = probabilities.subarray(((b * heads + h) * length + i) * length)
        const dOut = gradOut.subarray((b * length + i) * width + h * headSize)
        const dP = new Float64Array(i + 1)
        let weighted = 0
        for (let j = 0; j <= i; j++) {
          for (let d = 0; d < headSize; d++) {
            dP[j]! += dOut[d]! * qkv[index(j, 'value', d)]!
            gradQkv[index(j, 'value', d)]! += p[j]! * dOut[d]!
          }
          weighted += p[j]! * dP[j]!
        }
        for (let j = 0; j <= i; j++) {
          const dS = p[j]! * (dP[j]! - weighted) * scale
          for (let d = 0; d < headSize; d++) {
            gradQkv[index(i, 'query', d)]! += dS * qkv[index(j, 'key', d)]!
            gradQkv[index(j, 'key', d)]! += dS * qkv[index(i, 'query', d)]!
          }
        }
      }
    }
  }
}
