import type { Implementations } from '../implementation.js'
import type { Compile, Place } from './compile.js'
import { quotient } from './heads.js'
import { INFINITE, rowStatistics } from './softmax.js'

const inputs = { heads: 'integer', group: 'integer', headSize: 'integer', capacity: 'integer' } as const

/** Attention of one new token per row over the caches, up to the position of the longest row. */
export function cachedAttention(compile: Compile): Implementations<Place, 'cachedAttention'> {
  // this.thread: z the row, y the head, x the token attended to.
  const score = compile(
    { qkv: 'array', keys: 'array', positions: 'array', ...inputs, scale: 'number' },
    `let sum = ${-INFINITE}
    if (this.thread.x <= positions[this.thread.z]) {
      const shares = heads / group
      const query = (this.thread.z * (heads + 2 * shares) + this.thread.y) * headSize
      const token = this.thread.z * capacity + this.thread.x
      const key = (token * shares + ${quotient('this.thread.y', 'group')}) * headSize
      sum = 0
      for (let d = 0; d < headSize; d++) sum += qkv[query + d] * keys[key + d]
      sum *= scale
    }
    return sum`,
  )
  const statistics = rowStatistics(compile)
  // this.thread: z the row, y the head, x the entry.
  const mean = compile(
    {
      values: 'array',
      positions: 'array',
      scores: 'array',
      max: 'array',
      logSum: 'array',
      ...inputs,
      used: 'integer',
    },
    `const shares = heads / group
    const shared = ${quotient('this.thread.y', 'group')}
    const row = this.thread.z * heads + this.thread.y
    let sum = 0
    for (let t = 0; t < used; t++) {
      if (t <= positions[this.thread.z]) {
        const p = Math.exp(scores[row * used + t] - max[row] - logSum[row])
        const token = this.thread.z * capacity + t
        sum += p * values[(token * shares + shared) * headSize + this.thread.x]
      }
    }
    return sum`,
  )
  return {
    cachedAttention({ batch, heads, keyValueHeads, headSize, capacity, qkv, keys, values, positions, out }) {
      const width = keyValueHeads * headSize
      let used = 0
      for (let b = 0; b < batch; b++) {
        const first = (b * (heads + 2 * keyValueHeads) + heads) * headSize
        const slot = (b * capacity + positions[b]!) * width
        keys.set(qkv.subarray(first, first + width), slot)
        values.set(qkv.subarray(first + width, first + 2 * width), slot)
        used = Math.max(used, positions[b]! + 1)
      }
      const sizes = { heads, group: heads / keyValueHeads, headSize, capacity }
      const scale = 1 / Math.sqrt(headSize)
      const scores = score([batch, heads, used], { qkv, keys, positions, ...sizes, scale })
      const rows = statistics(batch * heads, used, scores)
      out.set(mean([batch, heads, headSize], { values, positions, scores, ...rows, ...sizes, used }))
    },
  }
}
