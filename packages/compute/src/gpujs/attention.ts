import type { Implementations } from '../implementation.js'
import type { Compile, Place } from './compile.js'
import { headInputs, headSizes, quotient } from './heads.js'
import { INFINITE, rowStatistics } from './softmax.js'

/** Scores per pair of tokens, softmax by rows, and the mean of the values, each as one kernel over its outputs. */
export function attention(compile: Compile): Implementations<Place, 'attention'> {
  // this.thread: z the head of a sequence, y the query's token, x the key's.
  const score = compile(
    { qkv: 'array', ...headInputs, scale: 'number' },
    `let sum = ${-INFINITE}
    if (this.thread.x <= this.thread.y) {
      const b = ${quotient('this.thread.z', 'heads')}
      const h = this.thread.z - b * heads
      const query = (b * length + this.thread.y) * stride + h * headSize
      const key = (b * length + this.thread.x) * stride + (heads + ${quotient('h', 'group')}) * headSize
      sum = 0
      for (let d = 0; d < headSize; d++) sum += qkv[query + d] * qkv[key + d]
      sum *= scale
    }
    return sum`,
  )
  const statistics = rowStatistics(compile)
  const probability = compile(
    { scores: 'array', max: 'array', logSum: 'array', length: 'integer' },
    `const row = this.thread.z * length + this.thread.y
    let p = 0
    if (this.thread.x <= this.thread.y) p = Math.exp(scores[row * length + this.thread.x] - max[row] - logSum[row])
    return p`,
  )
  // this.thread: z the sequence, y the token, x the entry of its heads.
  const mean = compile(
    { qkv: 'array', probabilities: 'array', ...headInputs },
    `const h = ${quotient('this.thread.x', 'headSize')}
    const d = this.thread.x - h * headSize
    const row = ((this.thread.z * heads + h) * length + this.thread.y) * length
    const value = stride - (heads / group - ${quotient('h', 'group')}) * headSize + d
    let sum = 0
    for (let j = 0; j <= this.thread.y; j++) {
      sum += probabilities[row + j] * qkv[(this.thread.z * length + j) * stride + value]
    }
    return sum`,
  )
  return {
    attention({ batch, qkv, out, probabilities, ...args }) {
      const sizes = headSizes(args)
      const { length, heads, headSize } = args
      const shape = [batch * heads, length, length]
      const scores = score(shape, { qkv, ...sizes, scale: 1 / Math.sqrt(headSize) })
      const rows = statistics(batch * heads * length, length, scores)
      probabilities.set(probability(shape, { scores, ...rows, length }))
      out.set(mean([batch, length, heads * headSize], { qkv, probabilities, ...sizes }))
    },
  }
}
