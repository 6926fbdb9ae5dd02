import { describe, expect, it } from 'vitest'
import { orpoLoss } from '@posttrain/losses'
import { sequences } from './support/batch.js'

const of = (lambda: number, chosen: number[], rejected: number[]) =>
  orpoLoss({ lambda }).evaluate(...sequences([chosen, rejected]))

describe('orpoLoss', () => {
  it('is likelihood plus the log-loss of the odds ratio', () => {
    expect(of(1, [-0.5, -0.5], [-0.9]).value).toBeCloseTo(0.5 + 0.367729, 6)
    expect(of(0, [-0.25, -0.75], [-0.9]).value).toBe(0.5)
  })

  it('has its limit where the chosen sequence is certain', () => {
    const near = of(1, [-1e-9], [-1])
    const certain = of(1, [0], [-1])
    expect(Math.abs(certain.value)).toBe(0)
    expect(near.value).toBeCloseTo(0, 8)
    for (const i of [0, 1]) expect(near.cotangents[i]!.logprob![0]).toBeCloseTo(certain.cotangents[i]!.logprob![0]!, 7)
    // ∂(log σ)/∂l_w = e^(l_l)/(1 − e^(l_l)) · … in the limit: −1 − λ·odds of the rejected
    expect(certain.cotangents[0]!.logprob![0]).toBeCloseTo(-1 - Math.exp(-1) / (1 - Math.exp(-1)), 12)
  })

  it('refuses infinite odds', () => {
    expect(() => of(1, [-1], [0])).toThrow('mean log-probs of a pair must be ≤ 0 and < 0, but are -1 and 0')
    expect(() => of(1, [0.5], [-1])).toThrow('but are 0.5 and -1')
    expect(() => orpoLoss({ lambda: -1 })).toThrow('lambda')
  })
})
