import type { Kernels } from '../kernels.js'
import type { Compile, Place } from './compile.js'

/** ⌊n·u⌋ with the product rounded to f32, as on every device. */
const pick = (u: string): string => `Math.min(n - 1, Math.floor(Math.fround(n * ${u})))`

/** One resample per output element. */
export function statistics(compile: Compile): Kernels<Place, 'bootstrapMeans' | 'majorityVotes'> {
  const mean = compile(
    { values: 'array', uniforms: 'array', n: 'integer' },
    `let sum = 0
    for (let j = 0; j < n; j++) sum += values[${pick('uniforms[this.thread.x * n + j]')}]
    return sum / n`,
  )
  const vote = compile(
    {
      answers: 'array',
      rewards: 'array',
      uniforms: 'array',
      k: 'integer',
      n: 'integer',
      classes: 'integer',
    },
    `let most = 0
    let reward = 0
    let winners = 0
    for (let c = 0; c < classes; c++) {
      let votes = 0
      for (let j = 0; j < k; j++) {
        const answer = answers[${pick('uniforms[this.thread.x * k + j]')}]
        if (answer === c) votes += 1
      }
      if (votes > most) {
        most = votes
        reward = 0
        winners = 0
      }
      if (votes === most) {
        reward += rewards[c]
        winners += 1
      }
    }
    return reward / winners`,
  )
  return {
    bootstrapMeans: ({ replicates, n, values, uniforms, out }) => out.set(mean([replicates], { values, uniforms, n })),
    majorityVotes: ({ trials, k, n, classes, answers, rewards, uniforms, out }) =>
      out.set(vote([trials], { answers, rewards, uniforms, k, n, classes })),
  }
}
