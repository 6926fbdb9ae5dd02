import { createReferenceDevice } from '@posttrain/compute'
import { decodeSafetensors, TransformerPolicy, type LoraSettings } from '@posttrain/models'
import { describe, expect, it } from 'vitest'
import { architectures, sequences, tokenizer } from '../support/architectures.js'
import { deviceNames, openDevice } from '../support/devices.js'
import { maxDifference } from '../support/max-difference.js'
import { randomise } from '../support/weights.js'

const config = architectures[2]![1]
const lora: LoraSettings = { rank: 2, alpha: 6, targets: ['qkv', 'output'] }

async function train(policy: TransformerPolicy, steps: number): Promise<void> {
  for (let step = 0; step < steps; step++) {
    const pass = await policy.forward(sequences)
    await pass.backward(pass.scores.map(({ logprob }) => ({ logprob: logprob!.map(() => -1 / 11) })))
    await policy.step({ learningRate: 0.03 })
  }
}

const logprobs = async (policy: Pick<TransformerPolicy, 'score'>): Promise<number[]> =>
  (await policy.score(sequences)).flatMap(({ logprob }) => [...logprob!])

describe.each(deviceNames)('an adapter on %s', (name) => {
  const base = async (): Promise<Uint8Array> => {
    const policy = new TransformerPolicy({ device: createReferenceDevice(), config, tokenizer })
    await randomise(policy, 7)
    return policy.save()
  }

  it('changes nothing to begin with, learns, and leaves the frozen weights alone', async () => {
    const file = await base()
    const plain = await TransformerPolicy.fromCheckpoint(await openDevice(name), file)
    const policy = await TransformerPolicy.fromCheckpoint(await openDevice(name), file, { lora })
    const before = await logprobs(policy)
    expect(before).toEqual(await logprobs(plain))
    const snapshot = await policy.snapshot()
    await train(policy, 60)
    expect(await logprobs(snapshot)).toEqual(before)
    const sum = (values: number[]): number => values.reduce((total, x) => total + x, 0)
    expect(sum(await logprobs(policy))).toBeGreaterThan(sum(before) + 5)

    const [old, merged] = [file, await policy.saveMerged()].map((f) => decodeSafetensors(f).tensors)
    for (const [tensor, { data }] of old!) {
      const adapted = /attn\.c_attn\.weight|mlp\.c_proj\.weight/.test(tensor)
      const moved = maxDifference(Float32Array.from(data), Float32Array.from(merged!.get(tensor)!.data))
      if (adapted) expect(moved, tensor).toBeGreaterThan(1e-3)
      else expect(moved, tensor).toBe(0)
    }
  })

  it('merges to W + (alpha/rank)·A·B', async () => {
    const file = await base()
    const policy = await TransformerPolicy.fromCheckpoint(await openDevice(name), file, { lora })
    await train(policy, 10)
    const matrix = (from: Uint8Array, tensor: string): ((row: number, column: number) => number) => {
      const { data, shape } = decodeSafetensors(from).tensors.get(tensor)!
      return (row, column) => data[row * shape[1]! + column]!
    }
    const [before, after] = [file, await policy.saveMerged()].map((f) => matrix(f, 'h.1.attn.c_attn.weight'))
    const adapter = await policy.save()
    const [a, b] = ['A', 'B'].map((factor) => matrix(adapter, `h.1.attn.c_attn.lora_${factor}`))
    for (const [i, j] of [
      [0, 0],
      [3, 1],
      [7, 15],
    ] as const) {
      const product = a!(i, 0) * b!(0, j) + a!(i, 1) * b!(1, j)
      expect(Math.abs(product)).toBeGreaterThan(1e-4)
      expect(after!(i, j) - before!(i, j)).toBeCloseTo(3 * product, name === 'reference' ? 12 : 6)
    }
  })

  it('is saved alone or merged, and continues exactly from a saved optimizer state', async () => {
    const file = await base()
    const policy = await TransformerPolicy.fromCheckpoint(await openDevice(name), file, { lora })
    await train(policy, 3)
    const saved = await policy.save({ optimizer: true })
    const merged = await TransformerPolicy.fromCheckpoint(await openDevice(name), await policy.saveMerged())
    expect(await logprobs(merged)).toEqual(await logprobs(policy))
    expect(Object.keys(Object.fromEntries(decodeSafetensors(await policy.save()).tensors)).slice(0, 2)).toEqual([
      'h.0.attn.c_attn.lora_A',
      'h.0.attn.c_attn.lora_B',
    ])
    await train(policy, 2)
    const resumed = await TransformerPolicy.fromCheckpoint(await openDevice(name), file, { lora })
    await resumed.load(saved)
    await train(resumed, 2)
    expect(await resumed.save({ optimizer: true })).toEqual(await policy.save({ optimizer: true }))
    expect(resumed.provenance).toEqual(policy.provenance)
    expect(resumed.provenance.step).toBe(5)
  })
})

describe('an adapter that does not fit', () => {
  it('is refused with what is wrong', async () => {
    const make = (options: { lora?: LoraSettings }): TransformerPolicy =>
      new TransformerPolicy({ device: createReferenceDevice(), config, tokenizer, ...options })
    const [policy, plain] = [make({ lora }), make({})]
    await expect(policy.load(await plain.save())).rejects.toThrow('a posttrain-transformer checkpoint')
    await expect(plain.load(await policy.save())).rejects.toThrow('a posttrain-adapter checkpoint')
    await expect(policy.load(await make({ lora: { rank: 1, alpha: 6 } }).save())).rejects.toThrow(
      'the adapter has rank 1 and alpha 6, but the policy has rank 2 and alpha 6',
    )
    await expect(policy.load(await make({ lora: { rank: 2, alpha: 6 } }).save())).rejects.toThrow(
      'the checkpoint has a tensor h.0.attn.c_proj.lora_A that the model does not have',
    )
    expect(() => make({ lora: { rank: 0, alpha: 1 } })).toThrow('not the settings of a LoRA adapter')
  })
})
