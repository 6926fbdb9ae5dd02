import { createReferenceDevice } from '@posttrain/compute'
import { scoreOf } from '@posttrain/core'
import { averageCheckpoints, encodeSafetensors, TabularPolicy, TransformerPolicy, type Tensor } from '@posttrain/models'
import { describe, expect, it } from 'vitest'
import { architectures, sequences, tokenizer } from './support/architectures.js'
import { maxDifference } from './support/max-difference.js'
import { randomise } from './support/weights.js'

const tableOf = (logits: readonly number[]): TabularPolicy => {
  const words = logits.map((_, i) => `w${i}`)
  const policy = new TabularPolicy({ prompts: ['x'], words })
  policy.setLogits('x', [], logits)
  return policy
}

describe('averageCheckpoints', () => {
  it('moves every weight the given way, and neither file it was given', async () => {
    const [anchor, policy] = [tableOf([1, -2, 3]), tableOf([3, 0, -1])]
    const [target, source] = [await anchor.save(), await policy.save({ optimizer: true })]
    const [targetBefore, sourceBefore] = [target.slice(), source.slice()]
    await anchor.load(averageCheckpoints(target, source, 0.25))
    expect([...(await anchor.logits())]).toEqual([1.5, -1.5, 2])
    expect([target, source]).toEqual([targetBefore, sourceBefore])
    expect(averageCheckpoints(target, source, 0)).toEqual(target)
  })

  it('leaves what only the target has, and what the target says of itself', async () => {
    const [, config] = architectures[1]!
    const make = async (seed: number): Promise<TransformerPolicy> => {
      const policy = new TransformerPolicy({ device: createReferenceDevice(), config, tokenizer })
      await randomise(policy, seed)
      return policy
    }
    const [anchor, policy] = [await make(1), await make(2)]
    const { provenance } = anchor
    await anchor.load(averageCheckpoints(await anchor.save({ optimizer: true }), await policy.save(), 1))
    const [moved, wanted] = [await anchor.score(sequences), await policy.score(sequences)]
    moved.forEach((of, i) => {
      // a + 1 · (b − a) is b up to its last bit.
      expect(maxDifference(scoreOf(of, 'logprob'), scoreOf(wanted[i]!, 'logprob'))).toBeLessThan(1e-12)
    })
    expect(anchor.provenance).toEqual(provenance)
  })

  it('refuses other shapes, types, rates and files', async () => {
    const [small, large] = [await tableOf([0, 1]).save(), await tableOf([0, 1, 2]).save()]
    expect(() => averageCheckpoints(small, large, 0.5)).toThrow(
      'tensor logits is F64 [1, 2] in target, but F64 [1, 3] in source',
    )
    const file = (tensor: Tensor): Uint8Array =>
      encodeSafetensors({ tensors: new Map([['logits', tensor]]), metadata: {} })
    const single = file({ dtype: 'F32', shape: [1, 2], data: new Float32Array(2) })
    expect(() => averageCheckpoints(small, single, 0.5)).toThrow('is F64 [1, 2] in target, but F32 [1, 2] in source')
    expect(averageCheckpoints(single, single, 0.5)).toEqual(single)
    const whole = file({ dtype: 'I32', shape: [1], data: new Int32Array(1) })
    expect(() => averageCheckpoints(whole, whole, 0.5)).toThrow('tensor logits has the type I32; F32 and F64 can be')
    expect(() => averageCheckpoints({ location: 'tinker://a' }, small, 1)).toThrow(
      'target: the weights are at tinker://a, and only bytes can be averaged',
    )
    expect(() => averageCheckpoints(small, small, 2)).toThrow('rate')
    expect(() => averageCheckpoints(new Uint8Array(3), small, 0.5)).toThrow('target: not a safetensors file')
    expect(() => averageCheckpoints(small, new Uint8Array(20), 0.5)).toThrow(
      'source: not a safetensors file: its header is not JSON',
    )
  })
})
