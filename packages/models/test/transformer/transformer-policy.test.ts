import { createReferenceDevice } from '@posttrain/compute'
import type { PolicySnapshot, ScoreRequest } from '@posttrain/core'
import { decodeSafetensors, encodeSafetensors, TransformerPolicy } from '@posttrain/models'
import { wordTokenizer } from '@posttrain/text'
import { describe, expect, it } from 'vitest'
import { architectures, sequences, tokenizer } from '../support/architectures.js'
import { deviceNames, openDevice } from '../support/devices.js'
import { maxDifference } from '../support/max-difference.js'
import { randomise } from '../support/weights.js'

const [[, config]] = architectures as [(typeof architectures)[number]]

describe.each(deviceNames)('TransformerPolicy on %s', (name) => {
  const tolerance = name === 'reference' ? 1e-12 : 1e-5
  const largePolicy = async (one = config): Promise<TransformerPolicy> => {
    const source = new TransformerPolicy({ device: createReferenceDevice(), config: one, tokenizer })
    await randomise(source, 3)
    return TransformerPolicy.fromCheckpoint(await openDevice(name), await source.save())
  }

  describe.each(architectures)('with a model that is %s', (_, one) => {
    it('scores a batch of mixed lengths as one by one', async () => {
      const policy = await largePolicy(one)
      const hasValue = policy.differentiable.has('value')
      const request: ScoreRequest = { scores: hasValue ? ['logprob', 'entropy', 'value'] : ['logprob', 'entropy'] }
      const together = await policy.score(sequences, request)
      for (const [i, sequence] of sequences.entries()) {
        const [alone] = await policy.score([sequence], request)
        expect(Object.keys(alone!)).toHaveLength(hasValue ? 3 : 2)
        for (const [score, values] of Object.entries(alone!) as [keyof typeof alone, Float64Array][]) {
          expect(maxDifference(values, together[i]![score]), score).toBeLessThan(tolerance)
        }
      }
    })

    it('records log-probs while sampling that equal the scored ones, with prompts shared by a group', async () => {
      const policy = await largePolicy(one)
      const prompts = ['1 2', '4 0 3 1', '2']
      const requests = prompts.map((prompt) => ({ task: { id: prompt, prompt }, count: 9, seed: 5, temperature: 0.8 }))
      let compared = 0
      for await (const sample of policy.sample(requests)) {
        const [scores] = await policy.score([{ prompt: sample.taskId, tokens: sample.tokens! }])
        expect(maxDifference(scores!.logprob!, sample.logprobs!.values)).toBeLessThan(tolerance)
        compared += sample.tokens!.length
      }
      expect(compared).toBeGreaterThan(40)
    })

    it('comes back from its checkpoint as it was', async () => {
      const policy = await largePolicy(one)
      const again = await TransformerPolicy.fromCheckpoint(await openDevice(name), await policy.save())
      expect(again.config).toEqual(one)
      expect(await again.score(sequences)).toEqual(await policy.score(sequences))
    })
  })

  it('draws a sample that depends on seed, task and index alone', async () => {
    const policy = await largePolicy()
    const task = { id: 'a', prompt: '1 2' }
    const texts = async (requests: Parameters<TransformerPolicy['sample']>[0]): Promise<Map<string, string>> => {
      const found = new Map<string, string>()
      for await (const s of policy.sample(requests)) found.set(`${s.taskId}/${s.index}`, s.text)
      return found
    }
    const all = await texts([
      { task: { id: 'b', prompt: '3 3 3' }, count: 4, seed: 1 },
      { task, count: 6, seed: 1 },
    ])
    const later = await texts([{ task, count: 2, firstIndex: 4, seed: 1 }])
    for (const [key, text] of later) expect(text).toBe(all.get(key))
    expect(later.size).toBe(2)
    expect(new Set(all.values()).size).toBeGreaterThan(3)
  })

  it('cuts a completion before a stop text and at the token limit', async () => {
    const policy = await largePolicy()
    const request = { task: { id: 'a', prompt: '1' }, count: 20, seed: 3 }
    for await (const s of policy.sample([{ ...request, stop: ['3'] }])) expect(s.text).not.toContain('3')
    for await (const s of policy.sample([{ ...request, maxTokens: 2 }])) {
      expect(s.usage.completionTokens).toBeLessThanOrEqual(2)
      expect(s.finish).toBe(s.text.endsWith('.') ? 'stop' : 'length')
    }
  })

  it('continues exactly from a saved optimizer state', async () => {
    const policy = await largePolicy()
    const train = async (p: TransformerPolicy): Promise<void> => {
      const pass = await p.forward(sequences)
      await pass.backward(pass.scores.map(({ logprob }) => ({ logprob: logprob!.map(() => -1) })))
      await p.step({ learningRate: 0.01, weightDecay: 0.1, maxGradientNorm: 1 })
    }
    await train(policy)
    const saved = await policy.save({ optimizer: true })
    await train(policy)
    const resumed = await TransformerPolicy.fromCheckpoint(await openDevice(name), saved)
    await train(resumed)
    expect(await resumed.save({ optimizer: true })).toEqual(await policy.save({ optimizer: true }))
  })

  it('keeps a snapshot that samples and scores as it did, and no memory after it is disposed', async () => {
    const device = await openDevice(name)
    const before = device.allocatedBytes
    const policy = new TransformerPolicy({ device, config, tokenizer })
    const request = { task: { id: 'a', prompt: '1' }, count: 3, seed: 3 }
    const texts = async (one: Pick<PolicySnapshot, 'sample'>): Promise<string[]> => {
      const found: string[] = []
      for await (const s of one.sample([request])) found.push(s.text)
      return found
    }
    const [scores, drawn] = [await policy.score(sequences), await texts(policy)]
    const snapshot = await policy.snapshot()
    const pass = await policy.forward(sequences, { scores: ['logprob', 'klToReference'], reference: snapshot })
    expect(pass.scores[0]!.klToReference).toEqual(new Float64Array(3))
    await pass.backward(pass.scores.map(({ logprob }) => ({ logprob: logprob!.map(() => -1) })))
    await policy.step({ learningRate: 0.1 })
    expect(await snapshot.score(sequences)).toEqual(scores)
    const both = await Promise.all([texts(snapshot), texts(policy), texts(snapshot)])
    expect(both[0]).toEqual(drawn)
    expect(both[2]).toEqual(drawn)
    expect(both[1]).toEqual(await texts(policy))
    expect(snapshot.provenance.step).toBe(0)
    expect(policy.provenance).toEqual({ ...snapshot.provenance, step: 1 })
    expect((await policy.score(sequences))[0]!.logprob).not.toEqual(scores[0]!.logprob)
    const tooLong = { prompt: '1', tokens: new Array<number>(20).fill(1) }
    const many = [...Array.from({ length: 40 }, () => sequences[0]!), tooLong]
    await expect(policy.score(many)).rejects.toThrow('at most 12')
    await expect(policy.forward(many)).rejects.toThrow('at most 12')
    await snapshot.dispose()
    policy.dispose()
    expect(device.allocatedBytes).toBe(before)
  })
})

describe('a value head', () => {
  it('can be added to a policy that had none, and says 0 to begin with', async () => {
    const policy = new TransformerPolicy({ device: createReferenceDevice(), config, tokenizer, seed: 2 })
    await expect(policy.score(sequences, { scores: ['value'] })).rejects.toThrow('has no value head')
    const file = await policy.save()
    const critic = await TransformerPolicy.fromCheckpoint(createReferenceDevice(), file, { valueHead: true })
    const scores = await critic.score(sequences, { scores: ['logprob', 'value'] })
    expect(scores.map(({ logprob }) => logprob)).toEqual((await policy.score(sequences)).map(({ logprob }) => logprob))
    expect(scores[2]!.value).toEqual(new Float64Array(6))
    await expect(critic.load(file)).rejects.toThrow('the checkpoint has valueHead false, but the model has true')
  })

  it('takes cotangents only where it was asked', async () => {
    const withHead = { ...config, valueHead: true }
    const policy = new TransformerPolicy({ device: createReferenceDevice(), config: withHead, tokenizer })
    const pass = await policy.forward(sequences)
    await expect(pass.backward([{}, {}, { value: new Float64Array(6) }])).rejects.toMatchObject({
      code: 'unsupported',
      message: 'cotangents[2] has value, which this pass did not compute',
    })
  })
})

describe('what is not right', () => {
  const device = createReferenceDevice()
  const damaged = async (damage: (file: Uint8Array) => Uint8Array): Promise<unknown> => {
    const policy = new TransformerPolicy({ device, config, tokenizer })
    return TransformerPolicy.fromCheckpoint(device, damage(await policy.save()))
  }
  const edited = (edit: (content: ReturnType<typeof decodeSafetensors>) => ReturnType<typeof decodeSafetensors>) =>
    damaged((file) => encodeSafetensors(edit(decodeSafetensors(file))))

  it('in a checkpoint is named by its tensor', async () => {
    await expect(damaged((file) => file.subarray(0, file.length - 8))).rejects.toThrow(/truncated: tensor ln_f.bias/)
    await expect(damaged((file) => file.subarray(0, 5))).rejects.toThrow('not a safetensors file: it has 5 bytes')
    await expect(damaged((file) => new Uint8Array(file.length))).rejects.toThrow('not a safetensors file')
    const wrong = { dtype: 'F64', shape: [2, 8], data: new Float64Array(16) } as const
    const notFinite = { dtype: 'F64', shape: [8], data: Float64Array.of(0, 0, NaN, 0, 0, 0, 0, 0) } as const
    await expect(
      edited(({ tensors, metadata }) => ({
        tensors: new Map([...tensors].filter(([name]) => name !== 'h.1.ln_1.bias')),
        metadata,
      })),
    ).rejects.toThrow('no tensor h.1.ln_1.bias')
    await expect(
      edited(({ tensors, metadata }) => ({ tensors: new Map(tensors).set('wpe.weight', wrong), metadata })),
    ).rejects.toThrow('tensor wpe.weight has the shape [2, 8], but the model needs [12, 8]')
    await expect(
      edited(({ tensors, metadata }) => ({ tensors: new Map(tensors).set('ln_f.bias', notFinite), metadata })),
    ).rejects.toThrow('tensor ln_f.bias contains NaN at 2')
    await expect(
      edited(({ tensors, metadata }) => ({ tensors: new Map(tensors).set('other', wrong), metadata })),
    ).rejects.toThrow('a tensor other that the model does not have')
    await expect(
      edited(({ tensors, metadata }) => ({ tensors, metadata: { ...metadata, tokenizer: '{' } })),
    ).rejects.toThrow('the tokenizer is not JSON')
  })

  it('in a request or reference is named too', async () => {
    const policy = new TransformerPolicy({ device, config, tokenizer })
    const other = new TransformerPolicy({ device, config: { ...config, layers: 1 }, tokenizer })
    const reference = await other.snapshot()
    await expect(policy.score(sequences, { scores: ['klToReference'], reference })).rejects.toThrow(
      'reference is not a snapshot of this transformer',
    )
    await expect(policy.score([{ prompt: '', tokens: [1] }])).rejects.toThrow('number of prompt tokens')
    const longer = { task: { id: 'a', prompt: '1' }, count: 1, seed: 0, maxTokens: config.context + 1 }
    await expect(policy.sample([longer])[Symbol.asyncIterator]().next()).rejects.toThrow(
      `maxTokens of request a must be an integer of at most ${config.context}, but is ${config.context + 1}`,
    )
    expect(() => new TransformerPolicy({ device, config, tokenizer: wordTokenizer(['a']) })).toThrow(
      'config.vocabulary is 6, but the tokenizer has 1 tokens',
    )
  })
})
