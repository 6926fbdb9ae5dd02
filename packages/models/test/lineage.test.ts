import { createReferenceDevice } from '@posttrain/compute'
import { scoreOf } from '@posttrain/core'
import { decodeSafetensors, encodeSafetensors, TabularPolicy, TransformerPolicy } from '@posttrain/models'
import { describe, expect, it } from 'vitest'
import { fingerprint } from '../src/fingerprint.js'
import { architectures, sequences, tokenizer } from './support/architectures.js'
import { deviceNames, openDevice } from './support/devices.js'

const config = architectures[2]![1]
const device = createReferenceDevice()
const make = (options: object = {}): TransformerPolicy =>
  new TransformerPolicy({ device, config, tokenizer, ...options })
const lineageOf = (policy: TransformerPolicy | TabularPolicy): string => policy.provenance.weights

async function train(policy: TransformerPolicy, steps: number): Promise<void> {
  for (let i = 0; i < steps; i++) {
    const pass = await policy.forward(sequences)
    await pass.backward(pass.scores.map((of) => ({ logprob: scoreOf(of, 'logprob').map(() => -0.1) })))
    await policy.step({ learningRate: 0.01 })
  }
}

describe('the lineage of a transformer', () => {
  it('is that of its initial weights, on every device', async () => {
    expect(lineageOf(make())).toMatch(/^[0-9a-f]{16}$/)
    for (const name of deviceNames) {
      const policy = new TransformerPolicy({ device: await openDevice(name), config, tokenizer })
      expect(lineageOf(policy)).toBe(lineageOf(make()))
    }
    const others = [
      { seed: 1 },
      { config: { ...config, normEpsilon: 1e-4 } },
      { lora: { rank: 1, alpha: 1 } },
      { lineage: 'run' },
    ]
    const names = others.map((options) => lineageOf(make(options)))
    expect(new Set([...names, lineageOf(make())]).size).toBe(5)
    expect(names[3]).toBe('run')
  })

  it('stays along a training run, and counts its steps', async () => {
    const policy = make()
    const lineage = lineageOf(policy)
    await train(policy, 2)
    expect(policy.provenance).toEqual({ engine: 'transformer/reference', dtype: 'f64', weights: lineage, step: 2 })
    expect((await policy.snapshot()).provenance).toEqual(policy.provenance)
  })

  it('is kept in checkpoints, with or without the state of the optimizer', async () => {
    const policy = make()
    await train(policy, 2)
    for (const optimizer of [true, false]) {
      const again = await TransformerPolicy.fromCheckpoint(device, await policy.save({ optimizer }))
      expect(again.provenance).toEqual(policy.provenance)
      const other = make({ seed: 5 })
      await other.load(await policy.save({ optimizer }))
      expect(other.provenance).toEqual(policy.provenance)
    }
    const merged = await TransformerPolicy.fromCheckpoint(device, await policy.saveMerged())
    expect(merged.provenance).toEqual(policy.provenance)
  })

  it('goes on where a head or an adapter is added, and begins anew under another name', async () => {
    const policy = make()
    await train(policy, 2)
    const file = await policy.save()
    const critic = await TransformerPolicy.fromCheckpoint(device, file, {
      valueHead: true,
      lora: { rank: 1, alpha: 1 },
    })
    expect(critic.provenance).toEqual(policy.provenance)
    const named = await TransformerPolicy.fromCheckpoint(device, file, { lineage: 'second run' })
    expect(named.provenance).toEqual({ ...policy.provenance, weights: 'second run', step: 0 })
  })

  it('starts the optimizer afresh without its state: the first step has the size of a first step', async () => {
    const policy = make()
    await train(policy, 3)
    const [kept, fresh] = await Promise.all(
      [true, false].map(async (optimizer) =>
        TransformerPolicy.fromCheckpoint(device, await policy.save({ optimizer })),
      ),
    )
    await Promise.all([train(policy, 1), train(kept!, 1), train(fresh!, 1)])
    expect(kept!.provenance).toEqual(policy.provenance)
    expect(fresh!.provenance).toEqual(policy.provenance)
    const [a, b, c] = await Promise.all([policy, kept!, fresh!].map((one) => one.score(sequences)))
    expect(b).toEqual(a)
    expect(c).not.toEqual(a)
    // AdamW's first step moves each weight by the learning rate; with moments of four steps it moves it less or
    // equally.
    const saved = async (one: TransformerPolicy): Promise<Float64Array> =>
      decodeSafetensors(await one.save()).tensors.get('ln_f.weight')!.data as Float64Array
    const before = await saved(await TransformerPolicy.fromCheckpoint(device, await fresh!.save()))
    const again = await TransformerPolicy.fromCheckpoint(device, await fresh!.save())
    await train(again, 1)
    ;(await saved(again)).forEach((x, i) => expect(Math.abs(x - before[i]!)).toBeCloseTo(0.01, 6))
  })

  it('may be missing in a file of an older version', async () => {
    const policy = make()
    await train(policy, 1)
    const { tensors, metadata } = decodeSafetensors(await policy.save({ optimizer: true }))
    const { lineage: _, updates: __, ...older } = metadata
    const again = await TransformerPolicy.fromCheckpoint(device, encodeSafetensors({ tensors, metadata: older }))
    expect(again.provenance.step).toBe(1)
    await Promise.all([train(policy, 1), train(again, 1)])
    expect(await again.score(sequences)).toEqual(await policy.score(sequences))
  })
})

describe('the lineage of a table', () => {
  const table = (lineage?: string): TabularPolicy => new TabularPolicy({ prompts: ['x'], words: ['a', 'b'], lineage })

  it('is that of its logits, unless it is named', () => {
    const [one, same, other] = [table(), table(), table()]
    expect(lineageOf(one)).toBe(lineageOf(same))
    one.setLogits('x', [], [0, 1])
    same.setLogits('x', [], [0, 1])
    other.setLogits('x', [], [0, 2])
    expect(lineageOf(one)).toBe(lineageOf(same))
    expect(new Set([lineageOf(table()), lineageOf(one), lineageOf(other)]).size).toBe(3)
    const named = table('run')
    named.setLogits('x', [], [0, 1])
    expect(lineageOf(named)).toBe('run')
  })

  it('is kept in checkpoints with its step', async () => {
    const [one, other] = [table('run'), table()]
    await one.step({ learningRate: 1 })
    await other.load(await one.save())
    expect(other.provenance).toEqual({ engine: 'tabular', dtype: 'f64', weights: 'run', step: 1 })
  })
})

describe('a fingerprint', () => {
  it('depends on every number, its place and the text', () => {
    const base = Float32Array.from({ length: 1000 }, (_, i) => Math.sin(i))
    const seen = new Set([
      fingerprint('', base),
      fingerprint('a', base),
      fingerprint('b', base),
      fingerprint('', base.slice(1)),
    ])
    for (let i = 0; i < 1000; i++) {
      const changed = base.slice()
      changed[i]! += 1e-6 * (1 + Math.abs(changed[i]!))
      seen.add(fingerprint('', changed))
      if (i > 0) {
        const swapped = base.slice()
        ;[swapped[i - 1], swapped[i]] = [base[i]!, base[i - 1]!]
        seen.add(fingerprint('', swapped))
      }
    }
    expect(seen.size).toBe(4 + 1000 + 999)
    expect(fingerprint('', base)).toBe(fingerprint('', base.slice()))
  })
})
