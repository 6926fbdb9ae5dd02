import { createReferenceDevice } from '@posttrain/compute'
import { createStream, mean, scoreOf, type RewardFunction } from '@posttrain/core'
import { wilsonInterval } from '@posttrain/estimators'
import { stepLabelLoss } from '@posttrain/losses'
import { atStepEnds, llamaLike, RewardModel, TabularPolicy } from '@posttrain/models'
import { calibrationOf, monteCarloStepLabels, processModelReward } from '@posttrain/rewards'
import { aggregateSteps } from '@posttrain/sampling'
import { wordTokenizer } from '@posttrain/text'
import { shuffledBatches, trainOffline, type OfflineSequence } from '@posttrain/trainers'
import { describe, expect, it } from 'vitest'
import { sampleOf } from '../sample.js'

// A solution is four words, each of them a step; it is right if no word is wrong, so that one wrong step spoils it.
const words = ['ok', 'fine', 'wrong']
const LENGTH = 4
const WRONG = 2
const policy = new TabularPolicy({ prompts: ['?'], words, length: LENGTH })
policy.setLogits('?', [], [Math.log(0.5), Math.log(0.3), Math.log(0.2)])
const task = { id: 't', prompt: '?' }
const right: RewardFunction = {
  name: 'right',
  score: async (_, samples) => samples.map(({ text }) => ({ kind: 'scored', reward: text.includes('wrong') ? 0 : 1 })),
}
const isRightUpTo = (tokens: readonly number[], step: number): boolean => !tokens.slice(0, step + 1).includes(WRONG)

/** P(right | the steps so far), by enumeration of all solutions. */
async function exactLabels(tokens: readonly number[]): Promise<readonly number[]> {
  const all = await policy.completions('?')
  return tokens.map((_, step) => {
    const begun = all.filter((one) => one.tokens.slice(0, step + 1).join() === tokens.slice(0, step + 1).join())
    const total = begun.reduce((sum, { probability }) => sum + probability, 0)
    const good = begun.filter((one) => isRightUpTo(one.tokens, LENGTH))
    return good.reduce((sum, { probability }) => sum + probability, 0) / total
  })
}

describe('Monte-Carlo step labels of a policy that can be enumerated', () => {
  const options = { sampler: policy, reward: right, separator: ' ' }
  const solutions = ['ok fine ok ok', 'ok ok wrong fine', 'wrong ok ok ok']

  it.each(solutions)('of %j estimate the exact probability of coming out right', async (text) => {
    const exact = await exactLabels(policy.tokenizer.encode(text))
    const continuations = 400
    const labels = await monteCarloStepLabels(task, sampleOf(text), { ...options, continuations })
    expect(labels.map(({ end }) => text.slice(0, end).trim().split(' ').length)).toEqual([1, 2, 3, 4])
    labels.forEach(({ soft, hard, scored }, step) => {
      const p = exact[step]!
      const last = step === LENGTH - 1
      expect(scored).toBe(last ? 1 : continuations)
      // Five standard deviations of a mean of 400; 0 where the outcome is certain.
      expect(Math.abs(soft! - p)).toBeLessThanOrEqual(last ? 0 : 5 * Math.sqrt((p * (1 - p)) / continuations))
      expect(hard).toBe(p > 0 ? 1 : 0) // (1 − p)⁴⁰⁰ is less than 1e-60
    })
  })

  it('are right in the mean, and hard ones as often as one of a few comes out right', async () => {
    const [q] = await exactLabels(policy.tokenizer.encode('ok ok ok ok')) // after the first step
    const seeds = Array.from({ length: 600 }, (_, seed) => seed)
    const labels = await Promise.all(
      seeds.map((seed) => monteCarloStepLabels(task, sampleOf('ok ok ok ok'), { ...options, continuations: 2, seed })),
    )
    const first = labels.map(([label]) => label!)
    expect(q).toBeGreaterThan(0.2)
    const within = (found: number, expected: number, variance: number): void =>
      expect(Math.abs(found - expected)).toBeLessThan(4 * Math.sqrt(variance / seeds.length))
    within(mean(first.map(({ soft }) => soft!)), q!, (q! * (1 - q!)) / 2)
    const any = 1 - (1 - q!) ** 2
    within(mean(first.map(({ hard }) => hard!)), any, any * (1 - any))
  })
})

describe('a process reward model trained on step labels', () => {
  const device = createReferenceDevice()
  const tokenizer = wordTokenizer(words)
  const config = llamaLike({ vocabulary: 3, context: 6, width: 8, layers: 1, heads: 2, hidden: 12 })
  const drawn = (count: number, seed: number): readonly (readonly number[])[] => {
    const stream = createStream(seed, 'solutions')
    const draw = (): number => Math.floor(stream.uniform() * words.length)
    return Array.from({ length: count }, () => Array.from({ length: LENGTH }, draw))
  }
  const item = (tokens: readonly number[], valueTarget: readonly number[]): OfflineSequence => ({
    ...atStepEnds({ prompt: 'ok', tokens, mask: new Uint8Array(LENGTH).fill(1), ends: [1, 2, 3, 4] }),
    valueTarget,
  })
  const trained = async (items: readonly OfflineSequence[], steps: number): Promise<RewardModel> => {
    const model = new RewardModel({ device, config, tokenizer })
    const batch = shuffledBatches(items, 24, 1)
    const events = trainOffline({ model, loss: stepLabelLoss(), batch, steps, optimizer: { learningRate: 0.02 } })
    for await (const event of events) if (event.kind === 'stopped') throw event.reason
    return model
  }
  const stepsOf = async (model: RewardModel, solutions: readonly (readonly number[])[]) => {
    const samples = solutions.map((tokens, i) => sampleOf(tokenizer.decode(tokens), i))
    const reward = processModelReward(model, { separator: ' ', aggregate: 'product' })
    const outcomes = await reward.score({ id: 't', prompt: 'ok' }, samples)
    return outcomes.map((outcome) => (outcome.kind === 'scored' ? outcome : expect.fail(outcome.reason)))
  }

  it('tells right steps from wrong ones, by hard labels', { timeout: 60_000 }, async () => {
    const hard = (tokens: readonly number[]): readonly number[] =>
      tokens.map((_, step) => (isRightUpTo(tokens, step) ? 1 : 0))
    const model = await trained(drawn(300, 1).map((tokens) => item(tokens, hard(tokens))), 120) // prettier-ignore
    const fresh = drawn(200, 2)
    const outcomes = await stepsOf(model, fresh)
    const agreed = outcomes.flatMap(({ steps }, i) =>
      steps!.map(({ reward }, step) => reward > 0.5 === (hard(fresh[i]!)[step] === 1)),
    )
    expect(agreed).toHaveLength(800)
    expect(wilsonInterval(agreed.filter(Boolean).length, agreed.length).lower).toBeGreaterThan(0.95)

    // The reward is what a forward pass of its own says.
    const pass = await model.forward(fresh.map((tokens) => item(tokens, [])), { scores: ['value'] }) // prettier-ignore
    pass.scores.forEach((of, i) => {
      const scores = [...scoreOf(of, 'value')].map((v) => 1 / (1 + Math.exp(-v)))
      expect(outcomes[i]!.steps!.map(({ reward }) => reward)).toEqual(scores)
      expect(outcomes[i]!.reward).toBe(aggregateSteps(scores, 'product'))
    })
    pass.dispose()
  })

  it('learns how likely a solution comes out right, by soft labels that were drawn', { timeout: 60_000 }, async () => {
    const solutions = drawn(150, 3)
    const labelled = await Promise.all(
      solutions.map(async (tokens, seed) => {
        const options = { sampler: policy, reward: right, continuations: 8, separator: ' ', seed }
        const labels = await monteCarloStepLabels(task, sampleOf(tokenizer.decode(tokens)), options)
        return item(tokens, labels.map(({ soft }) => soft!)) // prettier-ignore
      }),
    )
    const model = await trained(labelled, 150)
    const fresh = drawn(60, 4)
    const exact = (await Promise.all(fresh.map(exactLabels))).flat()
    const predicted = (await stepsOf(model, fresh)).flatMap(({ steps }) => steps!.map(({ reward }) => reward))
    expect(mean(predicted.map((p, i) => Math.abs(p - exact[i]!)))).toBeLessThan(0.05)
    expect(calibrationOf(predicted, exact).ece).toBeLessThan(0.05)
    expect(calibrationOf(exact.map(() => 0.5), exact).ece).toBeGreaterThan(0.1) // prettier-ignore
  })
})
