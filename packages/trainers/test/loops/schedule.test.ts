import { describe, expect, it } from 'vitest'
import { linearWarmup, optimizerAt, warmupThenDecay } from '../../src/loops/schedule.js'

describe('schedules', () => {
  it('rise and fall where they say', () => {
    expect([0, 4, 9, 50].map(linearWarmup(1, 10))).toEqual([0.1, 0.5, 1, 1])
    const rate = warmupThenDecay(2, 100, 10, 0.4, 0.02)
    expect([0, 9, 40, 70, 99].map((s) => +rate(s).toFixed(6))).toEqual([0.2, 2, 2, 1, 0.04])
  })
})

describe('optimizerAt', () => {
  it('is the settings with the rate of the step', () => {
    expect(optimizerAt({ learningRate: linearWarmup(1, 10), weightDecay: 0.01 }, 1)).toEqual({
      learningRate: 0.2,
      weightDecay: 0.01,
    })
    expect(optimizerAt({ learningRate: 0.5, maxGradientNorm: 1 }, 7)).toEqual({ learningRate: 0.5, maxGradientNorm: 1 })
  })
})
