import type { ReferenceKernel } from './reference-kernel.js'
import { logSoftmax } from './softmax.js'

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
      // Entry d of the query (part 0), key (1) or value (2) of token t.
      const at = (t: number, part: number, d: number): number =>
        qkv[(b * length + t) * 3 * width + part * width + h * headSize + d]!
      for (let i = 0; i < length; i++) {
        const scores = new Float64Array(i + 1)
        for (let j = 0; j <= i; j++) {
          for (let d = 0; d < headSize; d++) scores[j]! += at(i, 0, d) * at(j, 1, d) * scale
        }
        const p = logSoftmax(scores).map(Math.exp)
        const row = ((b * heads + h) * length + i) * length
        for (let j = 0; j < length; j++) probabilities[row + j] = p[j] ?? 0
        for (let d = 0; d < headSize; d++) {
          let sum = 0
          for (let j = 0; j <= i; j++) sum += p[j]! * at(j, 2, d)
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
      const index = (t: number, part: number, d: number): number =>
        (b * length + t) * 3 * width + part * width + h * headSize + d
      for (let i = 0; i < length; i++) {
        const p = probabilities.subarray(((b * heads + h) * length + i) * length)
        const dOut = gradOut.subarray((b * length + i) * width + h * headSize)
        const dP = new Float64Array(i + 1)
        let weighted = 0
        for (let j = 0; j <= i; j++) {
          for (let d = 0; d < headSize; d++) {
            dP[j]! += dOut[d]! * qkv[index(j, 2, d)]!
            gradQkv[index(j, 2, d)]! += p[j]! * dOut[d]!
          }
          weighted += p[j]! * dP[j]!
        }
        for (let j = 0; j <= i; j++) {
          const dS = p[j]! * (dP[j]! - weighted) * scale
          for (let d = 0; d < headSize; d++) {
            gradQkv[index(i, 0, d)]! += dS * qkv[index(j, 1, d)]!
            gradQkv[index(j, 1, d)]! += dS * qkv[index(i, 0, d)]!
          }
        }
      }
    }
  }
}
