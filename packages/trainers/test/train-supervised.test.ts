import { TabularPolicy } from '@posttrain/models'
import { linearWarmup, trainSupervised, warmupThenDecay } from '@posttrain/trainers'
import { describe, expect, it } from 'vitest'

describe('trainSupervised', () => {
  it('drives the policy to the empirical distribution, whose entropy is the least loss', async () => {
    const policy = new TabularPolicy({ prompts: ['x'], words: ['a', 'b', 'c'] })
    const data = [0, 0, 0, 1].map((token) => ({ prompt: 'x', tokens: [token] }))
    let last = Infinity
    for await (const { loss } of trainSupervised({
      policy,
      batch: () => data,
      steps: 400,
      optimizer: { learningRate: 0.05 },
    })) {
      last = loss
    }
    expect(last).toBeCloseTo(-(0.75 * Math.log(0.75) + 0.25 * Math.log(0.25)), 2)
    const [a, b] = await policy.completions('x')
    expect(a!.probability).toBeCloseTo(0.75, 1)
    expect(b!.probability).toBeCloseTo(0.25, 1)
  })

  it('reports the mean over tokens, whatever the lengths', async () => {
    const policy = new TabularPolicy({ prompts: ['x'], words: ['a', 'b', 'c'], length: 2 })
    policy.setLogits('x', [], [1, 0, 0])
    const data = [
      { prompt: 'x', tokens: [0, 1] },
      { prompt: 'x', tokens: [1] },
    ]
    const steps = []
    const options = { policy, batch: () => data, startStep: 6, steps: 7, optimizer: { learningRate: 0.1 } }
    for await (const step of trainSupervised(options)) steps.push(step)
    const total = Math.E + 2
    const loss = -(Math.log(Math.E / total) - Math.log(3) + Math.log(1 / total)) / 3
    expect(steps).toEqual([{ step: 6, loss: expect.closeTo(loss, 12), tokens: 3, gradientNorm: expect.any(Number) }])
  })

  it('throws where it would explode, and leaves the policy as it was', async () => {
    const policy = new TabularPolicy({ prompts: ['x'], words: ['a', 'b', 'c'] })
    const before = await policy.logits()
    const options = { policy, batch: () => [{ prompt: 'x', tokens: [0] }], steps: 1 }
    const training = trainSupervised({ ...options, optimizer: { learningRate: 0.1, refuseAbove: 0.1 } })
    await expect(training.next()).rejects.toMatchObject({ code: 'exploded' })
    expect(await policy.logits()).toEqual(before)
  })
})

describe('schedules', () => {
  it('rise and fall where they say', () => {
    expect([0, 4, 9, 50].map(linearWarmup(1, 10))).toEqual([0.1, 0.5, 1, 1])
    const rate = warmupThenDecay(2, 100, 10, 0.4, 0.02)
    expect([0, 9, 40, 70, 99].map((s) => +rate(s).toFixed(6))).toEqual([0.2, 2, 2, 1, 0.04])
  })
})
