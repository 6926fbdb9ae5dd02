import { createReferenceDevice, type Device } from '@posttrain/compute'
import { scoreOf, type ForwardPass, type TokenCotangents } from '@posttrain/core'
import { atLastToken, RewardModel, TabularPolicy, TransformerPolicy } from '@posttrain/models'
import { describe, expect, it } from 'vitest'
import { architectures, tokenizer } from './support/architectures.js'
import { collect } from './support/collect.js'

const task = { id: 'a', prompt: '1 2' }
const words = ['0', '1', '2', '3', '4', '.']
const sequences = [{ prompt: '1 2', tokens: [3, 4] }]
const config = architectures[1]![1]

/** A reference device whose kernels can be told to fail. */
function fragileDevice(): { readonly device: Device; failOn: string | undefined } {
  const state: { device: Device; failOn: string | undefined } = { device: createReferenceDevice(), failOn: undefined }
  state.device = new Proxy(state.device, {
    get: (device, name, receiver) => {
      if (name === state.failOn) {
        return () => {
          throw new Error(`${name}: the device is lost`)
        }
      }
      const value: unknown = Reflect.get(device, name, receiver)
      return typeof value === 'function' ? (value as (...a: unknown[]) => unknown).bind(device) : value
    },
  })
  return state
}

const learners = {
  'a table': () => new TabularPolicy({ prompts: ['1 2'], words, length: 3, values: true }),
  'a transformer': () => new TransformerPolicy({ device: createReferenceDevice(), config, tokenizer }),
  'an adapter': () =>
    new TransformerPolicy({ device: createReferenceDevice(), config, tokenizer, lora: { rank: 2, alpha: 2 } }),
}

const ones = (pass: ForwardPass): TokenCotangents[] =>
  pass.scores.map((of) => ({ logprob: scoreOf(of, 'logprob').map(() => -1) }))

describe.each(Object.entries(learners))('calls of %s', (_, make) => {
  it('take effect in the order in which they are made, without being awaited', async () => {
    const [policy, patient] = [make(), make()]
    for (let i = 0; i < 3; i++) {
      const pass = await policy.forward(sequences)
      const done = [pass.backward(ones(pass)), policy.step({ learningRate: 0.1 })] as const
      const [after, provenance, saved] = [policy.score(sequences), policy.snapshot(), policy.save({ optimizer: true })]
      const other = await patient.forward(sequences)
      await other.backward(ones(other))
      await patient.step({ learningRate: 0.1 })
      expect(await after).toEqual(await patient.score(sequences))
      expect((await provenance).provenance).toEqual(patient.provenance)
      expect(await saved).toEqual(await patient.save({ optimizer: true }))
      await Promise.all(done)
    }
    expect(policy.provenance.step).toBe(3)
  })

  it('fail with a call made before them whose failure was not known, and not after', async () => {
    const policy = make()
    const before = await policy.score(sequences)
    const pass = await policy.forward(sequences)
    const results = await Promise.allSettled([
      pass.backward([{ logprob: new Float64Array(5) }]),
      policy.step({ learningRate: 0.1 }),
      policy.score(sequences),
      collect(policy, [{ task, count: 1, seed: 1 }]),
    ])
    const reasons = results.map((result) => (result.status === 'rejected' ? (result.reason as Error) : undefined))
    expect(reasons[0]).toMatchObject({
      code: 'invalid-argument',
      message: 'cotangents[0].logprob must have 2 entries, but has 5',
    })
    for (const reason of reasons.slice(1)) expect(reason).toMatchObject({ code: 'aborted', cause: reasons[0] })
    expect(await policy.score(sequences)).toEqual(before)
    expect(await collect(policy, [{ task, count: 1, seed: 1 }])).toHaveLength(1)
    expect(policy.provenance.step).toBe(0)
  })

  it('are not begun once their signal has fired', async () => {
    const policy = make()
    const signal = AbortSignal.abort()
    const pass = await policy.forward(sequences)
    const calls = [
      policy.score(sequences, {}, { signal }),
      policy.forward(sequences, {}, { signal }),
      policy.encode([{ prompt: '1 2', pieces: [] }], { signal }),
      pass.backward(ones(pass), { signal }),
      policy.step({ learningRate: 1 }, { signal }),
      policy.snapshot({ signal }),
      policy.save({}, { signal }),
      policy.load(new Uint8Array(), { signal }),
      collect(policy, [{ task, count: 1, seed: 1 }], { signal }),
    ]
    for (const result of await Promise.allSettled(calls)) expect(result).toMatchObject({ reason: { code: 'aborted' } })
    const snapshot = await policy.snapshot()
    await expect(snapshot.score(sequences, {}, { signal })).rejects.toMatchObject({ code: 'aborted' })
    await expect(collect(snapshot, [{ task, count: 1, seed: 1 }], { signal })).rejects.toMatchObject({
      code: 'aborted',
    })
    expect(await policy.score(sequences)).toHaveLength(1)
  })

  it('take a backward pass once, and before the weights change', async () => {
    const policy = make()
    const [first, second, third] = [
      await policy.forward(sequences),
      await policy.forward(sequences),
      await policy.forward(sequences),
    ]
    await first.backward(ones(first))
    await expect(first.backward(ones(first))).rejects.toMatchObject({ code: 'invalid-argument' })
    await policy.step({ learningRate: 0.1 })
    await expect(second.backward(ones(second))).rejects.toMatchObject({
      code: 'invalid-argument',
      message: 'the weights have changed since this forward pass',
    })
    await policy.load(await policy.save())
    await expect(third.backward(ones(third))).rejects.toMatchObject({ code: 'invalid-argument' })
    // A refused step changes nothing, so that a pass before it stays good.
    const fourth = await policy.forward(sequences)
    await expect(policy.step({ learningRate: NaN })).rejects.toMatchObject({ code: 'invalid-argument' })
    await fourth.backward(ones(fourth))
    await policy.step({ learningRate: 0.1 })
    expect(policy.provenance.step).toBe(2)
  })

  it('wait for an open stream of the present weights, but not for one of a snapshot', async () => {
    const policy = make()
    const snapshot = await policy.snapshot()
    const requests = [
      { task, count: 2, seed: 1, temperature: 1 },
      { task, id: 'b', count: 2, seed: 1, temperature: 0.5 },
    ]
    const open = policy.sample(requests)[Symbol.asyncIterator]()
    await open.next()
    await expect(policy.step({ learningRate: 0.1 })).rejects.toMatchObject({
      code: 'unsupported',
      message: 'step would change the weights of 1 open sample stream(s)',
      hint: 'finish the stream, or sample from a snapshot',
    })
    await expect(policy.load(await policy.save())).rejects.toMatchObject({ code: 'unsupported' })
    await open.return!()
    const frozen = snapshot.sample(requests)[Symbol.asyncIterator]()
    await frozen.next()
    await policy.step({ learningRate: 0.1 })
    // A stream that was only made has not begun, and one whose last sample is drawn no longer reads the weights.
    policy.sample(requests)
    const last = policy.sample([requests[0]!])[Symbol.asyncIterator]()
    await last.next()
    await policy.step({ learningRate: 0.1 })
    expect(policy.provenance.step).toBe(2)
    expect((await last.next()).value).toMatchObject({ logprobs: { provenance: { step: 1 } } })
  })

  it('draw with the weights of the moment when iteration begins', async () => {
    const policy = make()
    const stream = policy.sample([{ task, count: 1, seed: 1 }])
    const pass = await policy.forward(sequences)
    await pass.backward(ones(pass))
    await policy.step({ learningRate: 1 })
    for await (const { logprobs } of stream) expect(logprobs!.provenance).toEqual(policy.provenance)
  })

  it('keep a checkpoint as bytes', async () => {
    await expect(make().load({ location: 'somewhere' })).rejects.toMatchObject({ code: 'unsupported' })
  })

  it('keep their weights where gradients explode or a file does not fit', async () => {
    const policy = make()
    const before = await policy.save({ optimizer: true })
    const pass = await policy.forward(sequences)
    await pass.backward([{ logprob: Float64Array.of(NaN, 1) }])
    await expect(policy.step({ learningRate: 1 })).rejects.toMatchObject({ code: 'exploded' })
    await expect(policy.load(new Uint8Array(3))).rejects.toMatchObject({ code: 'invalid-data' })
    expect(await policy.save({ optimizer: true })).toEqual(before)
    await policy.step({ learningRate: 1 }) // the gradients are 0
    expect(policy.provenance.step).toBe(1)
  })
})

describe('a call that fails half-way', () => {
  it.each(['adamW', 'tokenScoresBackward', 'matmul'])('leaves nothing but load: %s', async (kernel) => {
    const fragile = fragileDevice()
    const policy = new TransformerPolicy({ device: fragile.device, config, tokenizer })
    const saved = await policy.save({ optimizer: true })
    const scores = await policy.score(sequences)
    const pass = await policy.forward(sequences)
    fragile.failOn = kernel
    const failed = await Promise.allSettled([pass.backward(ones(pass)), policy.step({ learningRate: 0.1 })])
    fragile.failOn = undefined
    const cause = failed
      .map((result) => (result.status === 'rejected' ? (result.reason as Error) : undefined))
      .find(Boolean)
    expect(cause).toMatchObject({ message: `${kernel}: the device is lost` })
    for (const call of [
      () => policy.score(sequences),
      () => policy.forward(sequences),
      () => policy.step({ learningRate: 0.1 }),
      () => policy.snapshot(),
      () => policy.save(),
      () => collect(policy, [{ task, count: 1, seed: 1 }]),
    ]) {
      await expect(call()).rejects.toMatchObject({ code: 'aborted', cause, hint: 'load a checkpoint' })
    }
    await policy.load(saved)
    expect(await policy.score(sequences)).toEqual(scores)
    expect(await policy.save({ optimizer: true })).toEqual(saved)
  })

  it('and a load that does is mended by another', async () => {
    const fragile = fragileDevice()
    const policy = new TransformerPolicy({ device: fragile.device, config, tokenizer })
    const saved = await policy.save()
    fragile.failOn = 'write'
    await expect(policy.load(saved)).rejects.toThrow('the device is lost')
    fragile.failOn = undefined
    await expect(policy.score(sequences)).rejects.toMatchObject({ code: 'aborted' })
    await policy.load(saved)
    expect(await policy.score(sequences)).toHaveLength(1)
  })

  it('leaves everything as it was where it only reads', async () => {
    const fragile = fragileDevice()
    const policy = new TransformerPolicy({ device: fragile.device, config, tokenizer })
    fragile.failOn = 'tokenScores'
    await expect(policy.score(sequences)).rejects.toThrow('the device is lost')
    await expect(policy.forward(sequences)).rejects.toThrow('the device is lost')
    fragile.failOn = undefined
    expect(await policy.score(sequences)).toHaveLength(1)
  })
})

describe('calls of a reward model', () => {
  it('take effect in the order in which they are made', async () => {
    const model = new RewardModel({ device: createReferenceDevice(), config, tokenizer })
    const last = sequences.map(atLastToken)
    const pass = await model.forward(last, { scores: ['value'] })
    const cotangents = [{ value: Float64Array.of(-1) }]
    const [, , after] = await Promise.all([
      pass.backward(cotangents),
      model.step({ learningRate: 0.1 }),
      model.score(last, { scores: ['value'] }),
    ])
    expect(scoreOf(after[0]!, 'value')[0]).toBeGreaterThan(0.05)
    expect(model.provenance.step).toBe(1)
    await expect(pass.backward(cotangents)).rejects.toMatchObject({ code: 'invalid-argument' })
  })
})

describe('settings of a step', () => {
  it.each([
    [{ learningRate: -1 }, 'learningRate must be a finite number of at least 0, but is -1'],
    [
      { learningRate: 1, betas: [0.9, 1] as const },
      'betas[1] must be a finite number of at least 0 and below 1, but is 1',
    ],
    [{ learningRate: 1, epsilon: NaN }, 'epsilon'],
    [{ learningRate: 1, weightDecay: -0.1 }, 'weightDecay'],
    [{ learningRate: 1, maxGradientNorm: 0 }, 'maxGradientNorm must be above 0, but is 0'],
    [{ learningRate: 1, refuseAbove: NaN }, 'refuseAbove must be at least 0, but is NaN'],
  ])('are refused before anything is done: %o', async (settings, message) => {
    for (const make of Object.values(learners)) {
      const policy = make()
      const pass = await policy.forward(sequences)
      await pass.backward(ones(pass))
      await expect(policy.step(settings)).rejects.toThrow(message)
      expect((await policy.step({ learningRate: 0.1 })).gradientNorm).toBeGreaterThan(0.1)
    }
  })
})
