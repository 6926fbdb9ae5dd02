import { createReferenceDevice, createWasmDevice, type Device } from '@posttrain/compute'
import { createStream, type TokenCotangents, type TokenScores, type TokenSequence } from '@posttrain/core'
import { TransformerPolicy, wordTokenizer, decodeSafetensors, encodeSafetensors } from '@posttrain/models'
import { describe, expect, it } from 'vitest'

const tokenizer = wordTokenizer(['0', '1', '2', '3', '4', '.'], '.')
const config = { vocabulary: 6, context: 12, width: 8, layers: 2, heads: 2, hidden: 12, activation: 'gelu' } as const
const sequences: TokenSequence[] = [
  { prompt: '1 2', tokens: [3, 4, 5] },
  { prompt: '4 0 3 1', tokens: [2, 5] },
  { prompt: '0', tokens: [1, 1, 1, 2, 0, 5] },
]

const openDevice = async (name: 'reference' | 'wasm'): Promise<Device> =>
  name === 'reference' ? createReferenceDevice() : createWasmDevice()

/** A smooth function of all scores, and its cotangents. */
function loss(scores: readonly TokenScores[]): { value: number; cotangents: TokenCotangents[] } {
  let value = 0
  const cotangents = scores.map(({ logprob, entropy, referenceKl }, i) => {
    const weight = (t: number, c: number): number => Math.sin(3 * i + t + c)
    logprob.forEach((x, t) => (value += weight(t, 0) * x))
    entropy!.forEach((x, t) => (value += weight(t, 1) * x * x))
    referenceKl!.forEach((x, t) => (value += weight(t, 2) * x))
    return {
      logprob: logprob.map((_, t) => weight(t, 0)),
      entropy: entropy!.map((x, t) => 2 * weight(t, 1) * x),
      referenceKl: referenceKl!.map((_, t) => weight(t, 2)),
    }
  })
  return { value, cotangents }
}

const policyOn = (device: Device, seed: number): TransformerPolicy =>
  new TransformerPolicy({ device, config, tokenizer, seed })

/** Replaces the weights by a function of them, through a checkpoint. */
async function perturb(policy: TransformerPolicy, change: (name: string, data: Float64Array) => void): Promise<void> {
  const { tensors, metadata } = decodeSafetensors(await policy.save())
  for (const [name, tensor] of tensors) change(name, tensor.data as Float64Array)
  await policy.load(encodeSafetensors({ tensors, metadata }))
}

/** Initial weights are tiny in places: larger ones make every gradient visible. */
async function randomPolicy(seed: number): Promise<TransformerPolicy> {
  const policy = policyOn(createReferenceDevice(), seed)
  await perturb(policy, (name, data) => {
    const stream = createStream(seed, name)
    data.forEach((x, i) => (data[i] = x + 0.6 * (stream.uniform() - 0.5)))
  })
  return policy
}

describe('gradients of the whole transformer', () => {
  it('equal central differences in a random direction of every tensor', async () => {
    const policy = await randomPolicy(1)
    const reference = await policy.snapshot()
    await perturb(policy, (_, data) => data.forEach((x, i) => (data[i] = x * 1.1 + 0.01 * Math.sin(i))))
    const request = { entropy: true, reference }

    // The gradient is read off one step of plain descent: with a huge ε AdamW's update is lr/ε · g.
    const before = decodeSafetensors(await policy.save())
    const pass = await policy.forward(sequences, request)
    await pass.backward(loss(pass.scores).cotangents)
    const epsilon = 1e9
    await policy.step({ learningRate: epsilon, epsilon, betas: [0, 0] })
    const after = decodeSafetensors(await policy.save())
    await policy.load(encodeSafetensors(before))

    for (const name of before.tensors.keys()) {
      const stream = createStream(2, name)
      const gradient = Array.from(before.tensors.get(name)!.data, (x, i) => x - after.tensors.get(name)!.data[i]!)
      const direction = gradient.map(() => stream.uniform() - 0.5)
      const h = 1e-5
      const values: number[] = []
      for (const sign of [1, -1]) {
        await perturb(policy, (n, data) => {
          if (n === name) data.forEach((x, i) => (data[i] = x + sign * h * direction[i]!))
        })
        values.push(loss(await policy.score(sequences, request)).value)
        await policy.load(encodeSafetensors(before))
      }
      const numeric = (values[0]! - values[1]!) / (2 * h)
      const exact = gradient.reduce((sum, g, i) => sum + g * direction[i]!, 0)
      // 1e-5 steps in float64 leave about 1e-9 of truncation, 1e-10 of rounding, and ε = 1e9 about 1e-7 of AdamW's.
      expect(exact, name).toBeCloseTo(numeric, 6)
      expect(Math.max(...gradient.map(Math.abs)), name).toBeGreaterThan(1e-6)
    }
  })
})

describe.each(['reference', 'wasm'] as const)('TransformerPolicy on %s', (name) => {
  const tolerance = name === 'reference' ? 1e-12 : 1e-5
  const largePolicy = async (): Promise<TransformerPolicy> => {
    const device = await openDevice(name)
    const policy = policyOn(device, 0)
    const source = await randomPolicy(3)
    await policy.load(await source.save())
    return policy
  }

  it('scores a batch of mixed lengths as one by one', async () => {
    const policy = await largePolicy()
    const together = await policy.score(sequences, { entropy: true })
    for (const [i, sequence] of sequences.entries()) {
      const [alone] = await policy.score([sequence], { entropy: true })
      expect(maxDifference(alone!.logprob, together[i]!.logprob)).toBeLessThan(tolerance)
      expect(maxDifference(alone!.entropy!, together[i]!.entropy!)).toBeLessThan(tolerance)
    }
  })

  it('records log-probs while sampling that equal the scored ones, with prompts shared by a group', async () => {
    const policy = await largePolicy()
    const prompts = ['1 2', '4 0 3 1', '2']
    const requests = prompts.map((prompt) => ({ task: { id: prompt, prompt }, count: 9, seed: 5, temperature: 0.8 }))
    let compared = 0
    for await (const sample of policy.sample(requests)) {
      const [scores] = await policy.score([{ prompt: sample.taskId, tokens: sample.tokens! }])
      expect(maxDifference(scores!.logprob, sample.logprobs!.values)).toBeLessThan(tolerance)
      compared += sample.tokens!.length
    }
    expect(compared).toBeGreaterThan(40)
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
      await pass.backward(pass.scores.map(({ logprob }) => ({ logprob: logprob.map(() => -1) })))
      await p.step({ learningRate: 0.01, weightDecay: 0.1, maxGradientNorm: 1 })
    }
    await train(policy)
    const saved = await policy.save({ optimizer: true })
    await train(policy)
    const resumed = await TransformerPolicy.fromCheckpoint(await openDevice(name), saved)
    await train(resumed)
    expect(await resumed.save({ optimizer: true })).toEqual(await policy.save({ optimizer: true }))
  })
})

describe('a checkpoint that is not right', () => {
  const damaged = async (damage: (file: Uint8Array) => Uint8Array): Promise<unknown> => {
    const policy = policyOn(createReferenceDevice(), 0)
    return TransformerPolicy.fromCheckpoint(createReferenceDevice(), damage(await policy.save()))
  }
  it('is refused with the tensor that is wrong', async () => {
    await expect(damaged((file) => file.subarray(0, file.length - 8))).rejects.toThrow(/truncated: tensor ln_f.bias/)
    await expect(damaged((file) => file.subarray(0, 5))).rejects.toThrow('not a safetensors file: it has 5 bytes')
    await expect(damaged((file) => new Uint8Array(file.length))).rejects.toThrow('not a safetensors file')
    await expect(
      damaged((file) => {
        const { tensors, metadata } = decodeSafetensors(file)
        const shorter = new Map([...tensors].filter(([name]) => name !== 'h.1.ln_1.bias'))
        return encodeSafetensors({ tensors: shorter, metadata })
      }),
    ).rejects.toThrow('no tensor h.1.ln_1.bias')
    await expect(
      damaged((file) => {
        const { tensors, metadata } = decodeSafetensors(file)
        const other = new Map(tensors).set('wpe.weight', { dtype: 'F64', shape: [2, 8], data: new Float64Array(16) })
        return encodeSafetensors({ tensors: other, metadata })
      }),
    ).rejects.toThrow('tensor wpe.weight has the shape [2, 8], but the model needs [12, 8]')
  })
})

function maxDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length)
  return Math.max(...Array.from(a, (x, i) => Math.abs(x - b[i]!)))
}
