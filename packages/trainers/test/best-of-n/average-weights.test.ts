import { TabularPolicy } from '@posttrain/models'
import { describe, expect, it } from 'vitest'
import { averageWeights } from '../../src/best-of-n/average-weights.js'

const tableOf = (logits: readonly number[]): TabularPolicy => {
  const words = logits.map((_, i) => `w${i}`)
  const policy = new TabularPolicy({ prompts: ['x'], words })
  policy.setLogits('x', [], logits)
  return policy
}

describe('averageWeights', () => {
  it('moves every weight the given way, and neither file it was given', async () => {
    const [anchor, policy] = [tableOf([1, -2, 3]), tableOf([3, 0, -1])]
    const [target, source] = [await anchor.save(), await policy.save({ optimizer: true })]
    const [targetBefore, sourceBefore] = [target.slice(), source.slice()]
    await anchor.load(averageWeights(target, source, 0.25))
    expect([...(await anchor.logits())]).toEqual([1.5, -1.5, 2])
    expect([target, source]).toEqual([targetBefore, sourceBefore])
    expect(averageWeights(target, source, 0)).toEqual(target)
  })

  it('refuses other shapes, other rates and other files', async () => {
    const [small, large] = [await tableOf([0, 1]).save(), await tableOf([0, 1, 2]).save()]
    expect(() => averageWeights(small, large, 0.5)).toThrow('tensor logits differs in type or size')
    expect(() => averageWeights(small, small, 2)).toThrow('rate')
    expect(() => averageWeights(new Uint8Array(3), small, 0.5)).toThrow('target is not a safetensors file')
    expect(() => averageWeights(small, new Uint8Array(20), 0.5)).toThrow('the header of source is not JSON')
  })
})
