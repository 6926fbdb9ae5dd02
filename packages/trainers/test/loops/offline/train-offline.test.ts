import { scoreOf, sum, type Loss, type TrainablePolicy } from '@posttrain/core'
import { inLoss } from '@posttrain/kl'
import { TabularPolicy } from '@posttrain/models'
import { describe, expect, it } from 'vitest'
import { dpoLoss, klLoss, policyGradientLoss, ppoClipLoss, supervisedLoss, tokenMean } from '@posttrain/losses'
import { shuffledBatches } from '../../../src/loops/offline/shuffled-batches.js'
import { trainOffline, type OfflineEvent, type OfflineStep } from '../../../src/loops/offline/train-offline.js'
import type { OfflineItem, PreferencePair } from '../../../src/loops/offline/item.js'
import type { TrainOfflineOptions } from '../../../src/loops/offline/settings.js'

const words = ['a', 'b', 'c']
const newPolicy = (): TabularPolicy => {
  const policy = new TabularPolicy({ prompts: ['x', 'y'], words, length: 2 })
  policy.setLogits('x', [], [0.5, -0.2, 0.1])
  policy.setLogits('y', [1], [-0.3, 0.4, 0])
  return policy
}
const run = async (options: TrainOfflineOptions): Promise<OfflineEvent[]> => {
  const events: OfflineEvent[] = []
  for await (const event of trainOffline(options)) events.push(event)
  return events
}
const steps = (events: readonly OfflineEvent[]): OfflineStep[] => events.filter((event) => event.kind === 'step')
const pairs: PreferencePair[] = [
  { prompt: 'x', chosen: [0, 1], rejected: [2, 1] },
  { prompt: 'x', chosen: [1, 1], rejected: [0] },
  { prompt: 'y', chosen: [2, 2], rejected: [1, 0] },
  { prompt: 'y', chosen: [0], rejected: [1, 1] },
  { prompt: 'x', chosen: [1, 2], rejected: [0, 0] },
]

describe('DPO offline', () => {
  it('reaches π ∝ π_ref · exp(r/β) when pairs come with the frequencies of Bradley and Terry', async () => {
    const beta = 0.7
    const rewards = [0.3, -0.4, 1, 0]
    const policy = new TabularPolicy({ prompts: ['x'], words: ['a', 'b', 'c', 'd'] })
    policy.setLogits('x', [], [0.2, -0.3, 0.5, -0.1])
    const reference = await policy.snapshot()
    const before = (await policy.completions('x')).map(({ probability }) => probability)
    const won = (i: number, j: number): number => 1 / (1 + Math.exp(rewards[j]! - rewards[i]!))
    const data = rewards.flatMap((_, i) =>
      rewards.flatMap((_, j) => (i === j ? [] : [{ prompt: 'x', chosen: [i], rejected: [j], weight: won(i, j) }])),
    )
    // AdamW circles the optimum at the size of its steps, so they shrink until that is below the tolerance.
    const optimizer = { learningRate: (step: number) => 0.05 * 0.98 ** Math.max(0, step - 200) }
    await run({ model: policy, reference, loss: dpoLoss({ beta }), batch: () => data, steps: 1200, optimizer })
    const tilted = before.map((p, i) => p * Math.exp(rewards[i]! / beta))
    const total = tilted.reduce((sum, p) => sum + p, 0)
    const after = await policy.completions('x')
    after.forEach(({ probability }, i) => expect(probability).toBeCloseTo(tilted[i]! / total, 6))
  })

  it('starts at log 2, the loss of a policy that is its reference', async () => {
    const policy = newPolicy()
    const optimizer = { learningRate: 0.05 }
    const reference = await policy.snapshot()
    const events = steps(
      await run({ model: policy, reference, loss: dpoLoss(), batch: () => pairs, steps: 2, optimizer }),
    )
    expect(events[0]!.loss).toBeCloseTo(Math.LN2, 12)
    expect(events[1]!.loss).toBeLessThan(Math.LN2)
    expect(events[0]!.metrics['margin']).toBeCloseTo(0, 12)
    expect(events[0]!.tokens).toBe(18)
  })
})

describe('supervised training', () => {
  it('drives the policy to the empirical distribution, whose entropy is the least loss', async () => {
    const policy = new TabularPolicy({ prompts: ['x'], words: ['a', 'b', 'c'] })
    const data = [0, 0, 0, 1].map((token) => ({ prompt: 'x', tokens: [token] }))
    const optimizer = { learningRate: 0.05 }
    const events = await run({ model: policy, loss: supervisedLoss(), batch: () => data, steps: 400, optimizer })
    expect(steps(events).at(-1)!.loss).toBeCloseTo(-(0.75 * Math.log(0.75) + 0.25 * Math.log(0.25)), 2)
    const [a, b] = await policy.completions('x')
    expect(a!.probability).toBeCloseTo(0.75, 1)
    expect(b!.probability).toBeCloseTo(0.25, 1)
  })

  it('reports the mean over tokens where it is told to, whatever the lengths', async () => {
    const policy = new TabularPolicy({ prompts: ['x'], words: ['a', 'b', 'c'], length: 2 })
    policy.setLogits('x', [], [1, 0, 0])
    const data = [
      { prompt: 'x', tokens: [0, 1] },
      { prompt: 'x', tokens: [1] },
    ]
    const options = {
      loss: supervisedLoss(),
      aggregation: tokenMean(),
      batch: () => data,
      optimizer: { learningRate: 0.1 },
    }
    const events = await run({ ...options, model: policy, startStep: 6, steps: 7 })
    const total = Math.E + 2
    const loss = -(Math.log(Math.E / total) - Math.log(3) + Math.log(1 / total)) / 3
    const gradientNorm: unknown = expect.any(Number)
    expect(events).toEqual([
      { kind: 'step', step: 6, loss: expect.closeTo(loss, 12) as number, metrics: {}, tokens: 3, gradientNorm },
    ])
  })

  it('learns from chosen tokens alone', async () => {
    const [masked, alone] = [newPolicy(), newPolicy()]
    const mask = Uint8Array.of(0, 1)
    const options = { loss: supervisedLoss(), steps: 1, optimizer: { learningRate: 0.1 } }
    const [step] = steps(await run({ ...options, model: masked, batch: () => [{ prompt: 'y', tokens: [1, 2], mask }] }))
    const [scores] = await alone.score([{ prompt: 'y', tokens: [1, 2] }])
    expect(step!.tokens).toBe(1)
    expect(step!.loss).toBeCloseTo(-scoreOf(scores!, 'logprob')[1]!, 12)
    // Only the row of the second word after `b` moves.
    const [before, after] = [await alone.logits(), await masked.logits()]
    const moved = Array.from(after, (x, i) => (x === before[i] ? [] : [Math.floor(i / 3)])).flat()
    expect([...new Set(moved)]).toEqual([6])
  })
})

describe('trainOffline', () => {
  const optimizer = { learningRate: 0.03, weightDecay: 0.01 }

  it('continued from a checkpoint is the uninterrupted run, bit for bit', async () => {
    const whole = newPolicy()
    const reference = await whole.snapshot()
    const options = { reference, loss: dpoLoss(), batch: shuffledBatches(pairs, 2, 5), steps: 11, optimizer }
    const all = steps(await run({ ...options, model: whole }))

    const first = newPolicy()
    await run({ ...options, model: first, steps: 4 })
    const second = newPolicy()
    await second.load(await first.save({ optimizer: true }))
    const rest = steps(await run({ ...options, model: second, startStep: 4 }))
    expect(rest).toEqual(all.slice(4))
    expect(await second.save({ optimizer: true })).toEqual(await whole.save({ optimizer: true }))
  })

  it('scores an item under the reference once, whatever the number of epochs', async () => {
    const policy = newPolicy()
    const reference = await policy.snapshot()
    let scored = 0
    const counting = {
      provenance: reference.provenance,
      encode: reference.encode.bind(reference),
      score: (...[sequences, ...rest]: Parameters<typeof reference.score>) => {
        scored += sequences.length
        return reference.score(sequences, ...rest)
      },
    }
    const batch = shuffledBatches(pairs, 3, 1)
    await run({ model: policy, reference: counting, loss: dpoLoss(), batch, steps: 20, optimizer })
    expect(scored).toBe(2 * pairs.length)
  })

  it('aggregates as it is told: items by default, tokens for tokenMean', async () => {
    const data = [
      { prompt: 'x', tokens: [0, 1], weight: 3 },
      { prompt: 'y', tokens: [1] },
    ]
    const [a, b] = (await newPolicy().score(data)).map((scores) => -sum(scoreOf(scores, 'logprob')))
    const loss = async (options: Partial<TrainOfflineOptions>): Promise<number> => {
      const base = { model: newPolicy(), loss: supervisedLoss(), batch: () => data, steps: 1, optimizer }
      return steps(await run({ ...base, ...options }))[0]!.loss
    }
    expect(await loss({})).toBeCloseTo((3 * a! + b!) / 2, 12)
    expect(await loss({ aggregation: tokenMean() })).toBeCloseTo((3 * a! + b!) / 3, 12)
  })

  it('gives a loss the exact KL to a snapshot', async () => {
    const policy = newPolicy()
    const reference = await policy.snapshot()
    policy.setLogits('x', [], [2, 0, -1])
    const kl = klLoss(inLoss({ value: 'rao-blackwell' }), 1, { reuseSamples: true })
    const data = [{ prompt: 'x', tokens: [0] }]
    const options = { model: policy, loss: kl, batch: () => data, steps: 400, optimizer: { learningRate: 0.05 } }
    const softmax = (logits: number[]): number[] => {
      const sum = logits.reduce((total, x) => total + Math.exp(x), 0)
      return logits.map((x) => Math.exp(x) / sum)
    }
    const [p, q] = [softmax([2, 0, -1]), softmax([0.5, -0.2, 0.1])]
    const exact = p.reduce((sum, x, i) => sum + x * Math.log(x / q[i]!), 0)
    const events = steps(await run({ ...options, reference }))
    expect(events[0]!.loss).toBeCloseTo(exact, 12)
    expect(events.at(-1)!.loss).toBeLessThan(1e-4)
    await expect(run({ ...options })).rejects.toThrow('needs the exact KL to a reference, but reference is absent')
    const plain = { provenance: reference.provenance, encode: reference.encode, score: reference.score }
    await expect(run({ ...options, reference: plain })).rejects.toThrow('reference is no snapshot')
  })

  it('passes logged log-probs to losses with an importance ratio, and refuses those of another engine', async () => {
    const policy = newPolicy()
    const [scores] = await policy.score([{ prompt: 'x', tokens: [0] }])
    const values = [scoreOf(scores!, 'logprob')[0]! - Math.log(1.1)]
    const item = (engine: string): OfflineItem => ({
      prompt: 'x',
      tokens: [0],
      advantage: 2,
      logprobs: { values, provenance: { ...policy.provenance, engine, weights: 'older' } },
    })
    const options = { model: policy, loss: ppoClipLoss(), steps: 1, optimizer }
    const [step] = steps(await run({ ...options, batch: () => [item('tabular')] }))
    expect(step!.loss).toBeCloseTo(-2.2, 12)
    await expect(run({ ...options, batch: () => [item('other')] })).rejects.toMatchObject({
      code: 'provenance-mismatch',
    })
  })

  it('tells the time by the caller’s clock alone', async () => {
    let now = 0
    const options = { model: newPolicy(), loss: supervisedLoss(), steps: 1, optimizer }
    const batch = (): OfflineItem[] => [{ prompt: 'x', tokens: [0] }]
    const [timed] = steps(await run({ ...options, batch, clock: () => (now += 5) }))
    expect(timed!.timings).toEqual({ data: 5, update: 5 })
    const [untimed] = steps(await run({ ...options, batch }))
    expect(untimed!.timings).toBeUndefined()
  })

  it('refuses what cannot work before the first forward pass', async () => {
    const policy: TrainablePolicy = newPolicy()
    policy.forward = () => {
      throw new Error('forward')
    }
    const base = {
      model: policy,
      loss: supervisedLoss(),
      batch: () => [{ prompt: 'x', tokens: [0] }],
      steps: 1,
      optimizer,
    }
    const refused = (change: Partial<TrainOfflineOptions>): Promise<unknown> => run({ ...base, ...change })
    const value: Loss = { ...supervisedLoss(), differentiates: ['value'] }
    await expect(refused({ loss: value })).rejects.toThrow('the loss supervised differentiates value, which this model')
    await expect(refused({ loss: policyGradientLoss() })).rejects.toThrow(
      'right for samples of the present policy alone',
    )
    await expect(refused({ reference: policy })).rejects.toThrow('reference is the model itself')
    await expect(refused({ loss: dpoLoss() })).rejects.toThrow(
      'the loss dpo reads referenceLogprob, and there is no reference',
    )
    const reference = await newPolicy().snapshot()
    await expect(refused({ loss: dpoLoss(), reference })).rejects.toThrow(
      'item 0 of the batch is a sequence, but the loss dpo takes',
    )
    await expect(refused({ batch: () => pairs })).rejects.toThrow(
      'item 0 of the batch is a pair, but the loss supervised',
    )
    await expect(refused({ batch: () => [] })).rejects.toThrow('batch(0) has no completion tokens')
    await expect(refused({ steps: -1 })).rejects.toThrow('steps must be an integer of at least 0, but is -1')
    await expect(refused({})).rejects.toThrow('forward')
  })

  it('refuses a reference that learns while it serves', async () => {
    const [policy, other] = [newPolicy(), newPolicy()]
    const fresh = (step: number): OfflineItem[] => [{ ...pairs[step]! }]
    const { weights } = other.provenance
    const training = trainOffline({
      model: policy,
      reference: other,
      loss: dpoLoss(),
      batch: fresh,
      steps: 3,
      optimizer,
    })
    await training.next()
    await other.forward([{ prompt: 'x', tokens: [0] }]).then((pass) => pass.backward([{ logprob: Float64Array.of(1) }]))
    await other.step({ learningRate: 0.1 })
    await expect(training.next()).rejects.toThrow(
      `the reference's weights were ${weights} at step 0 and are ${weights} at step 1`,
    )
  })

  it('stops before a step that would not be finite, with the state before it', async () => {
    const failing = (at: number, value: number): Loss => {
      let calls = 0
      const inner = supervisedLoss()
      return {
        ...inner,
        evaluate: (scores, constants) => ({
          ...inner.evaluate(scores, constants),
          ...(calls++ === at ? { value } : {}),
        }),
      }
    }
    const batch = shuffledBatches(
      [
        { prompt: 'x', tokens: [0, 1] },
        { prompt: 'y', tokens: [1] },
      ],
      1,
      0,
    )
    const policy = newPolicy()
    const events = await run({ model: policy, loss: failing(3, NaN), batch, steps: 9, optimizer })
    const last = events.at(-1)!
    expect(events.map(({ kind }) => kind)).toEqual(['step', 'step', 'step', 'stopped'])
    if (last.kind !== 'stopped') throw new Error('unreachable')
    expect(last.reason).toMatchObject({ code: 'exploded', message: 'the loss supervised of step 3 is NaN' })

    const good = newPolicy()
    await run({ model: good, loss: supervisedLoss(), batch, steps: 3, optimizer })
    expect(last.checkpoint).toEqual(await good.save({ optimizer: true }))
    // The run goes on from there as if nothing had happened.
    await policy.load(last.checkpoint)
    await run({ model: policy, loss: supervisedLoss(), batch, startStep: 3, steps: 6, optimizer })
    await run({ model: good, loss: supervisedLoss(), batch, startStep: 3, steps: 6, optimizer })
    expect(await policy.logits()).toEqual(await good.logits())
  })

  it('stops before a gradient that is too large or not finite', async () => {
    const batch = (step: number): OfflineItem[] => [{ prompt: 'x', tokens: [0], weight: step === 2 ? 1e3 : 1 }]
    const policy = newPolicy()
    const cautious = { ...optimizer, refuseAbove: 50 }
    const events = await run({ model: policy, loss: supervisedLoss(), batch, steps: 5, optimizer: cautious })
    expect(events.map(({ kind }) => kind)).toEqual(['step', 'step', 'stopped'])
    const good = newPolicy()
    await run({ model: good, loss: supervisedLoss(), batch, steps: 2, optimizer })
    expect(await policy.logits()).toEqual(await good.logits())
    expect((await policy.gradient()).every((x) => x === 0)).toBe(true)

    const broken = supervisedLoss()
    const infinite: Loss = {
      ...broken,
      evaluate: (...given) => ({ ...broken.evaluate(...given), cotangents: [{ logprob: Float64Array.of(Infinity) }] }),
    }
    const [stopped] = await run({ model: policy, loss: infinite, batch, steps: 5, optimizer })
    expect(stopped!.kind).toBe('stopped')
  })

  it('stops between steps when told to', async () => {
    const controller = new AbortController()
    const options = { model: newPolicy(), loss: dpoLoss(), batch: () => pairs, steps: 9, optimizer }
    const training = trainOffline({ ...options, reference: await newPolicy().snapshot(), signal: controller.signal })
    expect((await training.next()).value).toMatchObject({ kind: 'step', step: 0 })
    controller.abort()
    await expect(training.next()).rejects.toMatchObject({ code: 'aborted' })
  })
})
