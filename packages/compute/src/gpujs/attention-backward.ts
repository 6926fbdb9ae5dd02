import type { Implementations } from '../implementation.js'
import type { Compile, Place } from './compile.js'
import { headInputs, headSizes, quotient } from './heads.js'

/**
 * ∂P = ∂O·Vᵀ; ∂S = P∘(∂P − rowsum(P∘∂P))/√d; then each entry of a query, a key or a value sums what it took part in:
 * ∂Q = ∂S·K, ∂K = ∂Sᵀ·Q, ∂V = Pᵀ·∂O.
 */
export function attentionBackward(compile: Compile): Implementations<Place, 'attentionBackward'> {
  // this.thread: z the head of a sequence, y the query's token, x the key's.
  const probabilityGradient = compile(
    { qkv: 'array', gradOut: 'array', ...headInputs },
    `let sum = 0
    if (this.thread.x <= this.thread.y) {
      const b = ${quotient('this.thread.z', 'heads')}
      const h = this.thread.z - b * heads
      const out = ((b * length + this.thread.y) * heads + h) * headSize
      const shared = ${quotient('h', 'group')}
      const value = (b * length + this.thread.x + 1) * stride - (heads / group - shared) * headSize
      for (let d = 0; d < headSize; d++) sum += gradOut[out + d] * qkv[value + d]
    }
    return sum`,
  )
  const rowSum = compile(
    { p: 'array', dP: 'array', length: 'integer' },
    `let sum = 0
    for (let j = 0; j < length; j++) sum += p[this.thread.x * length + j] * dP[this.thread.x * length + j]
    return sum`,
  )
  const scoreGradient = compile(
    { p: 'array', dP: 'array', sums: 'array', length: 'integer', scale: 'number' },
    `const row = this.thread.z * length + this.thread.y
    const at = row * length + this.thread.x
    return p[at] * (dP[at] - sums[row]) * scale`,
  )
  // this.thread: z the sequence, y the token, x the entry of its queries, keys and values.
  const gradient = compile(
    { qkv: 'array', p: 'array', dS: 'array', gradOut: 'array', ...headInputs },
    `const head = ${quotient('this.thread.x', 'headSize')}
    const d = this.thread.x - head * headSize
    const shares = heads / group
    let sum = 0
    if (head < heads) {
      const row = ((this.thread.z * heads + head) * length + this.thread.y) * length
      const key = (heads + ${quotient('head', 'group')}) * headSize + d
      for (let j = 0; j <= this.thread.y; j++) sum += dS[row + j] * qkv[(this.thread.z * length + j) * stride + key]
    } else {
      let shared = head - heads
      if (shared >= shares) shared -= shares
      for (let g = 0; g < group; g++) {
        const h = shared * group + g
        const column = (this.thread.z * heads + h) * length * length + this.thread.y
        for (let t = 0; t < length; t++) {
          if (t >= this.thread.y) {
            const token = this.thread.z * length + t
            if (head < heads + shares) sum += dS[column + t * length] * qkv[token * stride + h * headSize + d]
            else sum += p[column + t * length] * gradOut[(token * heads + h) * headSize + d]
          }
        }
      }
    }
    return sum`,
  )
  return {
    attentionBackward({ batch, qkv, probabilities: p, gradOut, gradQkv, ...args }) {
      const sizes = headSizes(args)
      const { length, heads, headSize } = args
      const pairs = [batch * heads, length, length]
      const dP = probabilityGradient(pairs, { qkv, gradOut, ...sizes })
      const sums = rowSum([batch * heads * length], { p, dP, length })
      const dS = scoreGradient(pairs, { p, dP, sums, length, scale: 1 / Math.sqrt(headSize) })
      gradQkv.set(gradient([batch, length, sizes.stride], { qkv, p, dS, gradOut, ...sizes }))
    },
  }
}
