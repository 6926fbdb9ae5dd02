/**
 * log softmax(x)_v = x_v − max x − log Σ exp(x − max x), which is exact in its largest terms however large the
 * logits are. −∞ stays −∞: a masked token has probability 0.
 */
export function logSoftmax(x: ArrayLike<number>): Float64Array {
  const values = Float64Array.from(x)
  const max = values.reduce((a, b) => Math.max(a, b), -Infinity)
  const logSum = Math.log(values.reduce((sum, v) => sum + Math.exp(v - max), 0))
  return values.map((v) => v - max - logSum)
}

/** p·log p with its limit 0 at p = 0. */
export const timesLog = (p: number, logp: number): number => (p === 0 ? 0 : p * logp)
