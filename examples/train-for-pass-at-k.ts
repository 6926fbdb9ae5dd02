// A small transformer, made here: taught by examples, then trained for what it will be used for. What "bank" means it cannot
// know. Trained for its single answer it bets on the likeliest; trained for four attempts it spreads them.
import { createDevice } from '@posttrain/compute'
import type { Task } from '@posttrain/core'
import { meanObjective, passAtKObjective } from '@posttrain/estimators'
import { supervisedLoss } from '@posttrain/losses'
import { gpt2Like, TransformerPolicy } from '@posttrain/models'
import { answerMatches } from '@posttrain/rewards'
import { evaluate } from '@posttrain/sampling'
import { wordTokenizer } from '@posttrain/text'
import { shuffledBatches, train, trainOffline } from '@posttrain/trainers'

const meanings = ['the money', 'the river', 'a bench', 'a row']
const counts = [8, 6, 4, 2] // how often each is meant
const prompt = 'bank :'

const { device } = await createDevice('wasm')
const tokenizer = wordTokenizer(['bank', ':', 'the', 'a', 'money', 'river', 'bench', 'row'])
const config = gpt2Like({ vocabulary: tokenizer.vocabulary, context: 4, width: 32, layers: 2, heads: 2 })
const newPolicy = (): TransformerPolicy => new TransformerPolicy({ device, config, tokenizer, seed: 1 })

// Supervised learning: every meaning, as likely as the others.
const taught = newPolicy()
for await (const event of trainOffline({
  model: taught,
  loss: supervisedLoss(),
  batch: shuffledBatches(
    meanings.map((text) => ({ prompt, tokens: tokenizer.encode(text) })),
    4,
    0,
  ),
  steps: 150,
  optimizer: { learningRate: 3e-3 },
})) {
  if (event.kind === 'stopped') throw event.reason // its checkpoint is the state before that step
}
const checkpoint = await taught.save()
taught.dispose()

const tasks = meanings.flatMap((reference, i) =>
  Array.from({ length: counts[i]! }, (_, j): Task => ({ id: `${reference} ${j}`, prompt, reference })),
)
const reward = answerMatches()
const [mean, passAt4] = [meanObjective(), passAtKObjective({ k: 4 })]
for (const objective of [undefined, mean, passAt4]) {
  const policy = newPolicy()
  await policy.load(checkpoint)
  if (objective) {
    const settings = { samplesPerPrompt: 16, steps: 60, optimizer: { learningRate: 1e-3 } }
    await train({ policy, tasks, reward, objective, ...settings })
  }
  const report = await evaluate({ sampler: policy, tasks, reward, objectives: [mean, passAt4], samplesPerTask: 64 })
  const [one, four] = report.estimates.map(({ value }) => `${(100 * value).toFixed(0)} %`)
  console.log(
    `${objective ? `trained for ${objective.name}` : 'taught by examples'}: right at once ${one}, in four ${four}`,
  )
  policy.dispose()
}
device.dispose()
