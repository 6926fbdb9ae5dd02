import { createReferenceDevice } from '@posttrain/compute'
import { RewardModel, TransformerPolicy } from '@posttrain/models'
import { describe, expect, it } from 'vitest'
import { architectures, sequences, tokenizer } from '../support/architectures.js'
import { deviceNames, openDevice } from '../support/devices.js'
import { maxDifference } from '../support/max-difference.js'
import { randomise } from '../support/weights.js'

const judged = sequences.map(({ prompt, tokens }) => ({ prompt, completion: tokenizer.decode(tokens) }))

describe.each(deviceNames)('RewardModel on %s', (name) => {
  const tolerance = name === 'reference' ? 1e-12 : 1e-5

  it.each(architectures)('judges many completions as one by one: %s', async (_, config) => {
    const source = new RewardModel({ device: createReferenceDevice(), config, tokenizer })
    await randomise(source, 4)
    const model = await RewardModel.fromCheckpoint(await openDevice(name), await source.save())
    const together = await model.rewards(judged)
    for (const [i, one] of judged.entries()) {
      expect(maxDifference(await model.rewards([one]), [together[i]!])).toBeLessThan(tolerance)
    }
    expect(new Set(together).size).toBe(judged.length)
  })

  it('learns what is preferred, and continues exactly from a saved optimizer state', async () => {
    const [, config] = architectures[2]!
    const policy = new TransformerPolicy({ device: await openDevice(name), config, tokenizer })
    const model = await RewardModel.fromCheckpoint(await openDevice(name), await policy.save())
    expect(await model.rewards(judged)).toEqual(new Float64Array(3))
    const [better, worse] = [judged[0]!, { ...judged[0]!, completion: '4 3 .' }]
    const train = async (one: RewardModel): Promise<void> => {
      const { rewards, backward } = await one.forward([better, worse])
      const slope = 1 / (1 + Math.exp(rewards[0]! - rewards[1]!))
      await backward([-slope, slope])
      await one.step({ learningRate: 0.01 })
    }
    for (let step = 0; step < 40; step++) await train(model)
    const [high, low] = await model.rewards([better, worse])
    expect(high! - low!).toBeGreaterThan(2)
    const resumed = await RewardModel.fromCheckpoint(await openDevice(name), await model.save({ optimizer: true }))
    await train(model)
    await train(resumed)
    expect(await resumed.save({ optimizer: true })).toEqual(await model.save({ optimizer: true }))
  })
})

describe('a reward model', () => {
  it('is no policy, and a policy is none', async () => {
    const [, config] = architectures[0]!
    const device = createReferenceDevice()
    const model = new RewardModel({ device, config, tokenizer })
    const policy = new TransformerPolicy({ device, config, tokenizer })
    await expect(policy.load(await model.save())).rejects.toThrow('is a posttrain-reward-model checkpoint')
    await expect(model.load(await policy.save())).rejects.toThrow('is a posttrain-transformer checkpoint')
    await expect(model.rewards([{ prompt: '0', completion: 'x' }])).rejects.toThrow('not in the vocabulary')
    const pass = await model.forward(judged)
    await expect(pass.backward([1])).rejects.toThrow('cotangents must have 3 entries')
    await expect(pass.backward([1, NaN, 0])).rejects.toThrow('cotangents[1] must be a finite number')
    pass.dispose()
    await expect(pass.backward([1, 1, 1])).rejects.toThrow('has been used or disposed')
  })
})
