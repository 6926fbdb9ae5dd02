// Best-of-N chosen by a reward model, counted by a verifier: the two are not the same, and the difference is what
// over-optimisation looks like.
import { createStream, type RewardFunction, type Sampler, type Task } from '@posttrain/core'
import { passAtKObjective } from '@posttrain/estimators'
import { bestOf, evaluate } from '@posttrain/sampling'

/** Completions with a quality that the verifier sees, and a style that the reward model takes for quality. */
const sampler: Sampler = {
  async *sample(requests) {
    for (const { task, count, firstIndex = 0, seed, id = task.id } of requests) {
      for (let index = firstIndex; index < firstIndex + count; index++) {
        const stream = createStream(seed, id, index)
        const [quality, style] = [stream.uniform(), stream.uniform() ** 16]
        const text = JSON.stringify({ quality, style })
        yield {
          id,
          taskId: task.id,
          index,
          seed,
          text,
          finish: 'stop',
          usage: { promptTokens: 1, completionTokens: 2 },
        }
      }
    }
  },
}
const scoreBy = (name: string, of: (text: { quality: number; style: number }) => number): RewardFunction => ({
  name,
  score: async (_, samples) =>
    samples.map(({ text }) => ({ kind: 'scored', reward: of(JSON.parse(text) as { quality: number; style: number }) })),
})
const verifier = scoreBy('verifier', ({ quality }) => (quality > 0.7 ? 1 : 0))
const rewardModel = scoreBy('reward model', ({ quality, style }) => quality + 2 * style)

const tasks = Array.from({ length: 200 }, (_, i): Task => ({ id: `${i}`, prompt: '?' }))
for (const n of [1, 4, 16, 64]) {
  const { estimates } = await evaluate({
    sampler,
    tasks,
    reward: verifier, // what counts
    procedure: bestOf({ n, by: rewardModel }), // what chooses, in the report as when deployed
    objectives: [passAtKObjective({ k: n })],
    samplesPerTask: 64,
  })
  const [chosen, best] = estimates.map(({ value, interval }) => {
    return `${(100 * value).toFixed(1)} % [${(100 * interval.lower).toFixed(1)}, ${(100 * interval.upper).toFixed(1)}]`
  })
  console.log(`best of ${n}: the reward model's choice is right in ${chosen}, some sample is in ${best}`)
}
