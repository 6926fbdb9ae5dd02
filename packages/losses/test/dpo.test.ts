import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dpoLoss } from '@posttrain/losses'
import { batches, sequences } from './support/batch.js'

const pair = sequences([[-10], [-12]], [[-11], [-11.5]])

describe('dpoLoss', () => {
  it('is the log-loss of the pair’s order', () => {
    const { value, cotangents, metrics } = dpoLoss({ beta: 0.1 }).evaluate(...pair)
    expect(value).toBeCloseTo(0.620957, 6)
    const slope = -0.1 / (1 + Math.exp(0.15))
    expect(cotangents[0]!.logprob![0]).toBeCloseTo(slope, 12)
    expect(cotangents[1]!.logprob![0]).toBeCloseTo(-slope, 12)
    expect(metrics).toEqual({ accuracy: 1, margin: 1.5 })
  })

  it('with label smoothing is cDPO', () => {
    expect(dpoLoss({ beta: 0.1, labelSmoothing: 0.1 }).evaluate(...pair).value).toBeCloseTo(0.635957, 6)
  })

  it('at label smoothing 1/2 does not care which one was chosen', () => {
    fc.assert(
      fc.property(batches, ({ scores, constants }) => {
        const same = constants.map((own) => ({ ...own, weight: 1 }))
        const swap = <T>(all: readonly T[]): T[] => all.map((_, i) => all[i % 2 === 0 ? i + 1 : i - 1]!)
        const loss = dpoLoss({ labelSmoothing: 0.5 })
        expect(loss.evaluate(swap(scores), swap(same)).value).toBeCloseTo(loss.evaluate(scores, same).value, 10)
      }),
    )
  })

  it('takes the weight of the chosen one for the pair', () => {
    const [scores, constants] = pair
    const weighted = [
      { ...constants[0]!, weight: 0.5 },
      { ...constants[1]!, weight: 7 },
    ]
    expect(dpoLoss().evaluate(scores, weighted).value).toBe(0.5 * dpoLoss().evaluate(...pair).value)
  })

  it('stays finite for pairs that are far apart', () => {
    const { value, cotangents } = dpoLoss({ beta: 1 }).evaluate(...sequences([[-2000], [0]], [[0], [0]]))
    expect([value, cotangents[0]!.logprob![0]]).toEqual([2000, -1])
  })

  it('refuses what it cannot use', () => {
    const [scores, constants] = pair
    expect(() => dpoLoss().evaluate(scores.slice(1), constants.slice(1))).toThrow(
      'there are 1 sequences, but pairs are needed',
    )
    expect(() => dpoLoss().evaluate(...sequences([[-1], [-2]]))).toThrow('sequence 0 has no referenceLogprob')
    expect(() => dpoLoss({ labelSmoothing: 0.6 })).toThrow('labelSmoothing')
    expect(() => dpoLoss({ beta: -1 })).toThrow('beta')
  })
})
