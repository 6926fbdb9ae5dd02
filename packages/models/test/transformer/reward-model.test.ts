import { createReferenceDevice } from '@posttrain/compute'
import { scoreOf, type PiecedCompletion } from '@posttrain/core'
import { atLastToken, atStepEnds, RewardModel, TransformerPolicy } from '@posttrain/models'
import { describe, expect, it } from 'vitest'
import { architectures, sequences, tokenizer } from '../support/architectures.js'
import { deviceNames, openDevice } from '../support/devices.js'
import { maxDifference } from '../support/max-difference.js'
import { randomise } from '../support/weights.js'

const judged = sequences.map(({ prompt, tokens }) => ({ prompt, pieces: [{ text: tokenizer.decode(tokens) }] }))

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

  it('judges each step of a completion as if nothing came after it', async () => {
    const source = new RewardModel({ device: createReferenceDevice(), config: architectures[2]![1], tokenizer })
    await randomise(source, 4)
    const model = await RewardModel.fromCheckpoint(await openDevice(name), await source.save())
    const pieces = [{ text: '1 2' }, { text: ' 3' }, { text: ' 0 4 .' }]
    const [whole] = await model.encode([{ prompt: '4 0', pieces }])
    const [scores] = await model.score([atStepEnds(whole!)], { scores: ['value'] })
    const prefixes = pieces.map((_, i): PiecedCompletion => ({ prompt: '4 0', pieces: pieces.slice(0, i + 1) }))
    expect(maxDifference(scoreOf(scores!, 'value'), await model.rewards(prefixes))).toBeLessThan(tolerance)
  })

  it('learns what is preferred, and continues exactly from a saved optimizer state', async () => {
    const [, config] = architectures[2]!
    const policy = new TransformerPolicy({ device: await openDevice(name), config, tokenizer })
    const model = await RewardModel.fromCheckpoint(await openDevice(name), await policy.save())
    expect(await model.rewards(judged)).toEqual(new Float64Array(3))
    const pair = [judged[0]!, { ...judged[0]!, pieces: [{ text: '4 3 .' }] }]
    const pairSequences = (await model.encode(pair)).map(atLastToken)
    const train = async (one: RewardModel): Promise<void> => {
      const { scores, backward } = await one.forward(pairSequences, { scores: ['value'] })
      const [better, worse] = scores.map((of) => scoreOf(of, 'value')[0]!)
      const slope = 1 / (1 + Math.exp(better! - worse!))
      await backward([{ value: Float64Array.of(-slope) }, { value: Float64Array.of(slope) }])
      await one.step({ learningRate: 0.01 })
    }
    for (let step = 0; step < 40; step++) await train(model)
    const [high, low] = await model.rewards(pair)
    expect(high! - low!).toBeGreaterThan(2)
    const resumed = await RewardModel.fromCheckpoint(await openDevice(name), await model.save({ optimizer: true }))
    await train(model)
    await train(resumed)
    expect(await resumed.save({ optimizer: true })).toEqual(await model.save({ optimizer: true }))
  })

  it('learns labels of steps', async () => {
    const model = new RewardModel({ device: await openDevice(name), config: architectures[2]![1], tokenizer })
    const [whole] = await model.encode([{ prompt: '0', pieces: [{ text: '1' }, { text: ' 2 3' }, { text: ' .' }] }])
    const steps = [atStepEnds(whole!)]
    const labels = [1, 0, 1]
    for (let step = 0; step < 60; step++) {
      const pass = await model.forward(steps, { scores: ['value'] })
      // ∂/∂v of the cross-entropy of σ(v) and the label.
      const value = scoreOf(pass.scores[0]!, 'value').map((v, i) => 1 / (1 + Math.exp(-v)) - labels[i]!)
      await Promise.all([pass.backward([{ value }]), model.step({ learningRate: 0.02 })])
    }
    const [scores] = await model.score(steps, { scores: ['value'] })
    expect([...scoreOf(scores!, 'value')].map((v) => v > 0)).toEqual([true, false, true])
    expect(Math.min(...scoreOf(scores!, 'value').map(Math.abs))).toBeGreaterThan(1)
  })
})

describe('a reward model', () => {
  const [, config] = architectures[0]!
  const device = createReferenceDevice()

  it('is not a policy, and a policy is not one', async () => {
    const model = new RewardModel({ device, config, tokenizer })
    const policy = new TransformerPolicy({ device, config, tokenizer })
    await expect(policy.load(await model.save())).rejects.toThrow('is a posttrain-reward-model checkpoint')
    await expect(model.load(await policy.save())).rejects.toThrow('is a posttrain-transformer checkpoint')
    await expect(model.rewards([{ prompt: '0', pieces: [{ text: 'x' }] }])).rejects.toThrow('not in the vocabulary')
    await expect(model.score(sequences)).rejects.toMatchObject({
      code: 'unsupported',
      message: 'a reward model has no distribution over tokens, only values',
    })
    await expect(model.score(sequences, { scores: ['selfCertainty'] })).rejects.toMatchObject({ code: 'unsupported' })
    expect([...model.differentiable]).toEqual(['value'])
    expect(model.provenance).not.toEqual(policy.provenance)
  })

  it('refuses cotangents that do not fit, and a step on one that is not a number', async () => {
    const model = new RewardModel({ device, config, tokenizer })
    const last = sequences.map(atLastToken)
    const forward = () => model.forward(last, { scores: ['value'] })
    const of = (...values: number[]): { value: Float64Array }[] =>
      values.map((value) => ({ value: Float64Array.of(value) }))
    await expect((await forward()).backward(of(1))).rejects.toThrow('cotangents must have 3 entries')
    const wide = [{ value: new Float64Array(2) }, ...of(1, 1)]
    await expect((await forward()).backward(wide)).rejects.toThrow('cotangents[0].value must have 1 entries')
    const before = await model.save()
    await (await forward()).backward(of(1, NaN, 0))
    await expect(model.step({ learningRate: 1 })).rejects.toMatchObject({ code: 'exploded' })
    expect(await model.save()).toEqual(before)
    const pass = await forward()
    pass.dispose()
    await expect(pass.backward(of(1, 1, 1))).rejects.toThrow('has been used or disposed')
  })

  it('has no reward for a completion without tokens, and no step without one', async () => {
    const model = new RewardModel({ device, config, tokenizer })
    await expect(model.rewards([{ prompt: '0', pieces: [] }])).rejects.toThrow('a completion of "0" has no tokens')
    const [completion] = await model.encode([{ prompt: '0', pieces: [{ text: '1' }, { text: '' }] }])
    expect(() => atStepEnds(completion!)).toThrow('step 1 of the completion has no tokens')
  })
})
