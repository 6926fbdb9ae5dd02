import type { HostArray } from '../host-memory.js'
import type { ReferenceKernel } from './reference-kernel.js'

/** ⌊n·u⌋ as every device computes it: the product rounded to f32. */
const pick = (n: number, u: number): number => Math.min(n - 1, Math.floor(Math.fround(n * u)))

/** Efron's bootstrap of a mean, one replicate per row of uniforms. */
export const bootstrapMeans: ReferenceKernel<'bootstrapMeans'> = ({ replicates, n, values, uniforms, out }) => {
  for (let r = 0; r < replicates; r++) {
    let sum = 0
    for (let j = 0; j < n; j++) sum += values[pick(n, uniforms[r * n + j]!)]!
    out[r] = sum / n
  }
}

/** Ties share: the reward of a vote is the mean over the classes with most votes. */
export const majorityVotes: ReferenceKernel<'majorityVotes'> = (args) => {
  const { trials, k, n, classes, answers, rewards, uniforms, out } = args
  for (let t = 0; t < trials; t++) {
    const votes: HostArray = new Float64Array(classes)
    for (let j = 0; j < k; j++) votes[answers[pick(n, uniforms[t * k + j]!)]!]!++
    const most = Math.max(...votes)
    const winners = [...votes.keys()].filter((c) => votes[c] === most)
    out[t] = winners.reduce((sum, c) => sum + rewards[c]!, 0) / winners.length
  }
}
