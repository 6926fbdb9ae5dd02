import { describe, expect, it } from 'vitest'
import { bradleyTerryLoss, dpoLoss } from '@posttrain/losses'

const rewards = (values: readonly number[], margin?: number) =>
  [
    values.map((r) => ({ value: Float64Array.of(r) })),
    values.map((_, i) => ({ weight: 0.5, margin: i === 0 ? margin : undefined })),
  ] as const
const slopes = ([chosen, rejected]: readonly { readonly value?: Float64Array | undefined }[]): number[] => [
  chosen!.value![0]!,
  rejected!.value![0]!,
]

describe('bradleyTerryLoss', () => {
  it('is the log-loss of the pair’s order', () => {
    const { value, cotangents, metrics } = bradleyTerryLoss().evaluate(...rewards([2, 0.5]))
    expect(value).toBeCloseTo(0.5 * Math.log(1 + Math.exp(-1.5)), 12)
    const slope = -0.5 / (1 + Math.exp(1.5))
    expect(slopes(cotangents)).toEqual([expect.closeTo(slope, 12), expect.closeTo(-slope, 12)])
    expect(metrics).toEqual({ accuracy: 1, margin: 1.5 })
  })

  it('asks for a difference as large as the margin', () => {
    const { value, cotangents, metrics } = bradleyTerryLoss().evaluate(...rewards([2, 0.5], 1.5))
    expect(value).toBeCloseTo(0.5 * Math.log(2), 12)
    expect(slopes(cotangents)).toEqual([-0.25, 0.25])
    expect(metrics).toEqual({ accuracy: 1, margin: 1.5 })
  })

  it('does not see what is added to both, but for the centring', () => {
    const at = (shift: number, centring?: number): number =>
      bradleyTerryLoss({ centring }).evaluate(...rewards([2 + shift, 0.5 + shift])).value
    expect(at(10)).toBe(at(0))
    expect(at(-1.25, 0.1)).toBe(at(0)) // rewards of 0.75 and −0.75: centred
    expect(at(0, 0.1)).toBeCloseTo(at(0) + 0.5 * 0.1 * 2.5 ** 2, 12)
  })

  it('stays finite for rewards that are far apart', () => {
    const { value, cotangents } = bradleyTerryLoss().evaluate(...rewards([-1000, 1000]))
    expect([value, ...slopes(cotangents)]).toEqual([1000, -0.5, 0.5])
  })

  it('is DPO where a reward is β times a log-ratio', () => {
    const logRatios = [1, -0.5]
    const scores = logRatios.map((h) => ({ logprob: Float64Array.of(h - 10) }))
    const dpo = dpoLoss({ beta: 0.1 }).evaluate(
      scores,
      logRatios.map(() => ({ weight: 0.5, referenceLogprob: [-10] })),
    )
    expect(bradleyTerryLoss().evaluate(...rewards(logRatios.map((h) => 0.1 * h))).value).toBeCloseTo(dpo.value, 12)
  })

  it('refuses what it cannot use', () => {
    expect(() => bradleyTerryLoss({ centring: -1 })).toThrow('centring')
    expect(() => bradleyTerryLoss().evaluate(...rewards([1, 2, 3]))).toThrow('pairs are needed')
    expect(() => bradleyTerryLoss().evaluate(...rewards([1, 2], NaN))).toThrow('margin of sequence 0')
    const weights = [{ weight: 1 }, { weight: 1 }]
    const scores = [{ value: Float64Array.of(1) }, { value: Float64Array.of(1, 2) }]
    expect(() => bradleyTerryLoss().evaluate(scores, weights)).toThrow(
      'sequence 1 has 2 values, but this loss takes one per sequence',
    )
    expect(() => bradleyTerryLoss().evaluate([{}, {}], weights)).toThrow('the score value is missing')
  })
})
