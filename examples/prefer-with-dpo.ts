// Preferences from the model's own samples: the best and the worst of four become pairs, and DPO learns from them.
import type { RewardFunction, Task } from '@posttrain/core'
import { meanObjective } from '@posttrain/estimators'
import { dpoLoss } from '@posttrain/losses'
import { TabularPolicy } from '@posttrain/models'
import { evaluate } from '@posttrain/sampling'
import { bestOfNPairs, drawBestOfN, shuffledBatches, trainOffline, type BestOfNDraw } from '@posttrain/trainers'

const prompts = ['greet', 'thank', 'decline']
const policy = new TabularPolicy({ prompts, words: ['rude', 'short', 'kind', 'warm'], length: 2 })
const tasks = prompts.map((prompt): Task => ({ id: prompt, prompt }))
const reward: RewardFunction = {
  name: 'friendly',
  score: async (_, samples) =>
    samples.map(({ text }) => {
      const worth = { rude: -1, short: 0, kind: 1, warm: 1 } as Record<string, number>
      return { kind: 'scored', reward: text.split(' ').reduce((sum, word) => sum + worth[word]!, 0) }
    }),
}

const draws: BestOfNDraw[] = []
for await (const draw of drawBestOfN({ sampler: policy, tasks, reward, n: 4, draws: 32, seed: 1 })) draws.push(draw)
const pairs = bestOfNPairs(draws) // draws whose four samples tie prefer nothing

const evaluation = { sampler: policy, tasks, reward, objectives: [meanObjective()], samplesPerTask: 64 }
const before = await evaluate(evaluation)
const training = trainOffline({
  model: policy,
  loss: dpoLoss({ beta: 0.5 }),
  reference: await policy.snapshot(),
  batch: shuffledBatches(pairs, 16, 0),
  steps: 60,
  optimizer: { learningRate: 0.05 },
})
let last = 0
for await (const event of training) {
  if (event.kind === 'stopped') throw event.reason // its checkpoint is the state before that step
  last = event.loss
}
const after = await evaluate({ ...evaluation, seed: 2 })

console.log(
  `${pairs.length} pairs of ${draws.length} draws; the loss went from ${Math.log(2).toFixed(3)} to ${last.toFixed(3)}`,
)
for (const [when, { estimates }] of [
  ['before', before],
  ['after', after],
] as const) {
  const { value, interval } = estimates[0]!
  console.log(`${when}: ${value.toFixed(2)} [${interval.lower.toFixed(2)}, ${interval.upper.toFixed(2)}]`)
}
