import { createReferenceDevice } from '@posttrain/compute'
import { createStream, mean, scoreOf, sum, type RandomStream, type RewardFunction, type Sample } from '@posttrain/core'
import { wilsonInterval } from '@posttrain/estimators'
import { bradleyTerryLoss } from '@posttrain/losses'
import { atLastToken, averageCheckpoints, llamaLike, RewardModel, TabularPolicy } from '@posttrain/models'
import { combine, outcomeModelReward } from '@posttrain/rewards'
import { bestOf } from '@posttrain/sampling'
import { wordTokenizer } from '@posttrain/text'
import { shuffledBatches, trainOffline, type PreferencePair } from '@posttrain/trainers'
import { beforeAll, describe, expect, it } from 'vitest'
import { sampleOf } from '../sample.js'

// Answers are four words. What people like is known here: a weight of each word, more where it stands early.
const words = ['a', 'b', 'c', 'd', 'e']
const LENGTH = 4
const utilityOf = (tokens: readonly number[]): number =>
  sum(tokens.map((token, place) => [-1.2, -0.5, 0, 0.6, 1.1][token]! * (1 - 0.15 * place)))

const tokenizer = wordTokenizer(words)
const device = createReferenceDevice()
const config = llamaLike({ vocabulary: 5, context: 8, width: 12, layers: 1, heads: 2, hidden: 16 })
const task = { id: 't', prompt: 'c' }
const lastAlone = Uint8Array.of(0, 0, 0, 1)

const drawAnswer = (stream: RandomStream): readonly number[] =>
  Array.from({ length: LENGTH }, () => Math.floor(stream.uniform() * words.length))

/** Pairs as people give them: by Bradley–Terry on the true utility, with a margin where one is much better. */
function preferences(count: number, seed: number): readonly PreferencePair[] {
  const stream = createStream(seed, 'preferences')
  return Array.from({ length: count }, () => {
    const [one, other] = [drawAnswer(stream), drawAnswer(stream)]
    const gap = utilityOf(one) - utilityOf(other)
    const [chosen, rejected] = stream.uniform() < 1 / (1 + Math.exp(-2 * gap)) ? [one, other] : [other, one]
    return { prompt: 'c', chosen, rejected, masks: [lastAlone, lastAlone], margin: Math.abs(gap) > 1.5 ? 0.5 : 0 }
  })
}

interface Training {
  readonly seed: number
  readonly steps: number
  readonly learningRate: number
  readonly centring?: number
}

async function trained(file: Uint8Array, training: Training): Promise<RewardModel> {
  const { seed, steps, learningRate, centring = 0.01 } = training
  const model = await RewardModel.fromCheckpoint(device, file)
  const events = trainOffline({
    model,
    loss: bradleyTerryLoss({ centring }),
    batch: shuffledBatches(preferences(600, seed), 24, seed),
    steps,
    optimizer: { learningRate },
  })
  for await (const event of events) if (event.kind === 'stopped') throw event.reason
  return model
}

const valuesOf = (model: RewardModel, answers: readonly (readonly number[])[]): Promise<Float64Array> =>
  model.rewards(answers.map((tokens) => ({ prompt: 'c', pieces: [{ text: tokenizer.decode(tokens) }] })))

/** Pairs that no training saw: how many the values order as the true utility does. */
async function heldOut(model: RewardModel): Promise<{ readonly right: number; readonly count: number }> {
  const stream = createStream(99, 'held out')
  const answers = Array.from({ length: 800 }, () => drawAnswer(stream))
  const values = await valuesOf(model, answers)
  const pairs = Array.from({ length: 400 }, (_, i) => [2 * i, 2 * i + 1] as const)
  const apart = pairs.filter(([i, j]) => utilityOf(answers[i]!) !== utilityOf(answers[j]!))
  const right = apart.filter(([i, j]) => values[i]! > values[j]! === utilityOf(answers[i]!) > utilityOf(answers[j]!))
  return { right: right.length, count: apart.length }
}

// Members of an ensemble that is averaged begin as one model that has learned, and go on with data of their own.
let untrained: Uint8Array
let members: readonly RewardModel[]
beforeAll(async () => {
  untrained = await new RewardModel({ device, config, tokenizer }).save()
  const base = await (await trained(untrained, { seed: 0, steps: 150, learningRate: 0.01 })).save()
  const settings = { steps: 60, learningRate: 0.002 }
  members = await Promise.all([1, 2, 3].map((seed) => trained(base, { ...settings, seed })))
}, 120_000)

describe('a reward model trained on preferences', () => {
  it('orders pairs that it has not seen, beyond chance', async () => {
    const before = await heldOut(await RewardModel.fromCheckpoint(device, untrained))
    expect(wilsonInterval(before.right, before.count).lower).toBeLessThan(0.6)
    for (const model of members) {
      const { right, count } = await heldOut(model)
      expect(count).toBeGreaterThan(390)
      expect(wilsonInterval(right, count).lower).toBeGreaterThan(0.85)
    }
  })

  it('is centred where its loss asks for it', async () => {
    const stream = createStream(5, 'answers')
    const answers = Array.from({ length: 200 }, () => drawAnswer(stream))
    // Utilities have mean 0 up to 0.02 and a standard deviation of 1.2.
    expect(Math.abs(mean([...(await valuesOf(members[0]!, answers))]))).toBeLessThan(0.3)
    const drawn = mean(
      [
        ...(await valuesOf(await trained(untrained, { seed: 1, steps: 80, learningRate: 0.01, centring: 1 }), answers)),
      ].map((value) => value ** 2),
    )
    const free = mean([...(await valuesOf(members[0]!, answers))].map((value) => value ** 2))
    expect(drawn).toBeLessThan(free / 2) // sums of pairs are not 0 where both are good
  })

  it('scores by outcomeModelReward as a forward pass of its own', async () => {
    const samples = ['a b c d', 'e e d c', 'b b b b'].map(sampleOf)
    const outcomes = await outcomeModelReward(members[0]!).score(task, samples)
    const encoded = await members[0]!.encode(samples.map(({ text }) => ({ prompt: 'c', pieces: [{ text }] })))
    const pass = await members[0]!.forward(encoded.map(atLastToken), { scores: ['value'] })
    expect(outcomes).toEqual(pass.scores.map((of) => ({ kind: 'scored', reward: scoreOf(of, 'value')[0] })))
    pass.dispose()
    expect(new Set(outcomes.map((outcome) => outcome.kind === 'scored' && outcome.reward)).size).toBe(3)
  })

  it('chooses among N answers what is liked better, as often as enumeration says', async () => {
    const policy = new TabularPolicy({ prompts: ['c'], words, length: LENGTH })
    const answers = (await policy.completions('c')).map(({ tokens }) => tokens)
    const values = await valuesOf(members[0]!, answers)
    /** E[utility] of the best of n by `value`, exactly: the answer at rank i of 625 is chosen with P = Fᵢⁿ − Fᵢ₋₁ⁿ. */
    const expected = (n: number, value: (i: number) => number): number => {
      const order = answers.map((_, i) => i).sort((a, b) => value(a) - value(b))
      const below = (rank: number): number => (rank / answers.length) ** n
      return sum(order.map((i, rank) => (below(rank + 1) - below(rank)) * utilityOf(answers[i]!)))
    }
    const exact = [1, 4, 16].map((n) => expected(n, (i) => values[i]!))
    const best = [1, 4, 16].map((n) => expected(n, (i) => utilityOf(answers[i]!)))
    expect(exact[0]).toBeCloseTo(best[0]!, 12)
    for (const i of [1, 2]) expect((exact[i]! - exact[0]!) / (best[i]! - best[0]!)).toBeGreaterThan(0.85)

    const procedure = bestOf({ n: 4, by: outcomeModelReward(members[0]!) })
    const chosen: number[] = []
    for (let i = 0; i < 150; i++) {
      const { answer } = await procedure.run(policy, { ...task, id: `t${i}` })
      chosen.push(utilityOf(tokenizer.encode(answer!)))
    }
    const error = Math.sqrt(mean(chosen.map((u) => (u - mean(chosen)) ** 2)) / chosen.length)
    expect(Math.abs(mean(chosen) - exact[1]!)).toBeLessThan(4 * error)
  })
})

describe('several reward models', () => {
  const stream = createStream(7, 'samples')
  const samples: readonly Sample[] = Array.from({ length: 40 }, (_, i) =>
    sampleOf(tokenizer.decode(drawAnswer(stream)), i),
  )
  const rewardsBy = async (reward: RewardFunction): Promise<readonly number[]> =>
    (await reward.score(task, samples)).map((outcome) => (outcome.kind === 'scored' ? outcome.reward : NaN))

  it('are an ensemble by combine: their mean, their worst case, their mean less what they disagree on', async () => {
    const rewards = members.map((model, i) => outcomeModelReward(model, { name: `model ${i}` }))
    const single = await Promise.all(rewards.map(rewardsBy))
    const bySample = samples.map((_, i) => single.map((values) => values[i]!))
    const alike = (weight: number) => rewards.map((reward) => ({ reward, weight }))
    const close = (values: readonly number[]): unknown => values.map((value) => expect.closeTo(value, 12) as number)
    expect(await rewardsBy(combine('mean', alike(1 / 3)))).toEqual(close(bySample.map((values) => mean(values))))
    expect(await rewardsBy(combine('worst', alike(1), { rule: 'minimum' }))).toEqual(
      bySample.map((values) => Math.min(...values)),
    )
    const penalised = combine('uncertain', alike(1), { rule: 'mean-variance', penalty: 0.5 })
    const variance = (values: readonly number[]): number => mean(values.map((x) => (x - mean(values)) ** 2))
    expect(await rewardsBy(penalised)).toEqual(close(bySample.map((values) => mean(values) - 0.5 * variance(values))))
    expect(mean(bySample.map(variance))).toBeGreaterThan(0.001) // they do disagree
  })

  it('are one by the average of their weights, which orders no worse than they do', async () => {
    const files = await Promise.all(members.map((model) => model.save()))
    const averaged = await RewardModel.fromCheckpoint(device, averageCheckpoints(files))
    const [of, ofMembers] = [await heldOut(averaged), await Promise.all(members.map(heldOut))]
    expect(of.right / of.count).toBeGreaterThanOrEqual(mean(ofMembers.map(({ right, count }) => right / count)) - 0.01)
    expect(wilsonInterval(of.right, of.count).lower).toBeGreaterThan(0.85)
    const other = await new RewardModel({ device, config, tokenizer, seed: 1 }).save()
    expect(() => averageCheckpoints([...files, other])).toThrow(/^the lineage of checkpoints\[3\] is /)
  })
})
