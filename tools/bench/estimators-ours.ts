import { bootstrapInterval, passAtK } from '@posttrain/estimators'
import { answer } from './worker.js'

const PAIRS = 1_000_000
const K = 10

const n = new Int32Array(PAIRS)
const c = new Int32Array(PAIRS)
let x = 1
/** Marsaglia's xorshift32; NumPy's side draws the same pairs. */
function word(): number {
  x ^= x << 13
  x ^= x >>> 17
  x ^= x << 5
  return x >>> 0
}
for (let i = 0; i < PAIRS; i++) {
  n[i] = 100 + (word() % 101)
  c[i] = word() % (n[i]! + 1)
}
const values = Float64Array.from({ length: 1000 }, (_, i) => ((i * 7919) % 1000) / 1000)

function measured(work: () => number): Promise<{ ms: number; result: number }> {
  const before = process.cpuUsage()
  const result = work()
  const { user, system } = process.cpuUsage(before)
  return Promise.resolve({ ms: (user + system) / 1000, result })
}

answer({
  pairs: () =>
    measured(() => {
      let sum = 0
      for (let i = 0; i < PAIRS; i++) sum += passAtK(n[i]!, c[i]!, K)
      return sum
    }),
  bootstrap: () =>
    measured(() => {
      const { lower, upper } = bootstrapInterval(values, { method: 'percentile', resamples: 10_000 })
      return lower + upper
    }),
})
