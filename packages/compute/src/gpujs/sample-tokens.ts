import type { Implementations } from '../implementation.js'
import type { Compile, Place, Values } from './compile.js'
import { finite, INFINITE, infinite, MASKED, rowMaximum, rowStatistics } from './softmax.js'
import { targetLogprob } from './token-scores.js'

const row = { x: 'array', max: 'array', floors: 'array', vocabulary: 'integer', scale: 'number' } as const

/** exp((v − max)/T) of a logit v, 0 of a masked one. */
const weigh = `let weight = 0
  if (v > ${MASKED}) weight = Math.exp((v - max[this.thread.x]) * scale)`

/** One thread per row. Each cut is a least logit, `floors`, because tokens of equal probability stay together. */
export function sampleTokens(compile: Compile): Implementations<Place, 'sampleTokens'> {
  const maximum = rowMaximum(compile)
  const statistics = rowStatistics(compile)
  const logprobs = targetLogprob(compile)
  const mostLikely = compile(
    { x: 'array', max: 'array', vocabulary: 'integer' },
    `let taken = -1
    for (let j = 0; j < vocabulary; j++) {
      if (taken < 0 && x[this.thread.x * vocabulary + j] >= max[this.thread.x]) taken = j
    }
    return taken`,
  )
  const total = compile(
    { ...row, minP: 'number' },
    `let sum = 0
    for (let j = 0; j < vocabulary; j++) {
      const v = x[this.thread.x * vocabulary + j]
      ${weigh}
      if (v >= floors[this.thread.x] && weight >= minP) sum += weight
    }
    return sum`,
  )
  // The least logit such that the mass (or number) of larger ones is below the limit, by bisection between logits of
  // the row: each round at least halves the interval, and f32 has fewer than 400 halvings.
  const border = compile(
    { ...row, limits: 'array', counted: 'integer' },
    `let high = max[this.thread.x]
    let low = high
    for (let j = 0; j < vocabulary; j++) {
      const v = x[this.thread.x * vocabulary + j]
      if (v >= floors[this.thread.x]) low = Math.min(low, v)
    }
    for (let round = 0; round < 400; round++) {
      if (low < high) {
        let middle = low * 0.5 + high * 0.5
        if (middle <= low) middle = high
        let mass = 0
        let below = low
        let above = high
        for (let j = 0; j < vocabulary; j++) {
          const v = x[this.thread.x * vocabulary + j]
          if (v >= middle) {
            ${weigh}
            if (counted > 0) weight = 1
            mass += weight
            above = Math.min(above, v)
          } else {
            below = Math.max(below, v)
          }
        }
        if (mass < limits[this.thread.x]) high = below
        else low = above
      }
    }
    return high`,
  )
  const invert = compile(
    { ...row, totals: 'array', uniforms: 'array', minP: 'number' },
    `const target = uniforms[this.thread.x] * totals[this.thread.x]
    let taken = 0
    let sum = 0
    for (let j = 0; j < vocabulary; j++) {
      if (sum <= target) {
        const v = x[this.thread.x * vocabulary + j]
        ${weigh}
        if (v >= floors[this.thread.x] && weight >= minP && weight > 0) {
          taken = j
          sum += weight
        }
      }
    }
    return taken`,
  )
  return {
    sampleTokens({ rows, vocabulary, logits, uniforms, temperature, tokens, logprob, ...cuts }) {
      const { topK = vocabulary, topP = 1, minP = 0 } = cuts
      const x = finite(logits)
      const max = maximum([rows], { x, columns: vocabulary })
      const taken = (): Float32Array => {
        if (temperature === 0) return mostLikely([rows], { x, max, vocabulary })
        const scale = Math.min(1 / temperature, INFINITE) // finite in f32
        let all: Values<typeof row> = { x, max, floors: new Float32Array(rows).fill(-INFINITE), vocabulary, scale }
        const cutAt = (limits: Float32Array, counted: 0 | 1): void => {
          all = { ...all, floors: border([rows], { ...all, limits, counted }) }
        }
        if (topK < vocabulary) cutAt(new Float32Array(rows).fill(topK), 1)
        if (topP < 1) {
          const totals = total([rows], { ...all, minP: 0 })
          cutAt(
            totals.map((mass) => topP * mass),
            0,
          )
        }
        const totals = total([rows], { ...all, minP })
        return invert([rows], { ...all, totals, uniforms, minP })
      }
      tokens.set(taken())
      const own = { x, ...statistics(rows, vocabulary, x), vocabulary }
      logprob.set(infinite(logprobs([rows], { ...own, targets: tokens })))
    },
  }
}
