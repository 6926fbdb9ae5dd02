import { describe, expect, it } from 'vitest'
import { rollOutPlan } from '../../src/cost-quality/roll-out-plan.js'

const tasks = (value: number): number[] => Array.from({ length: 20 }, () => value)
const plan = (deployed: number, next: number, change: object = {}) =>
  rollOutPlan({
    deployed: tasks(deployed),
    next: tasks(next),
    isBinary: true,
    level: 0.95,
    seed: 1,
    simulations: 60,
    ...change,
  })

describe('rollOutPlan', () => {
  it('finds a great difference soon and a small one later, the same each time', () => {
    const [great, small] = [plan(0.1, 0.6), plan(0.1, 0.3)]
    expect([great.better, small.better]).toEqual([1, 1])
    expect(great.requests.nineOfTen).toBeLessThan(small.requests.half)
    expect(great.requests.half).toBeLessThanOrEqual(great.requests.nineOfTen)
    expect(plan(0.1, 0.6)).toEqual(great)
  })

  it('says that what is alike is better or worse in at most a twentieth of roll-outs', () => {
    const alike = plan(0.5, 0.5, { most: 3000, simulations: 200 })
    expect(alike.better + alike.worse).toBeLessThanOrEqual(0.05)
    expect(alike.requests).toEqual({ half: 3000, nineOfTen: 3000 })
  })

  it('shows that what is worse is worse', () => {
    expect(plan(0.6, 0.1)).toMatchObject({ better: 0, worse: 1 })
  })

  it('knows a difference without noise from fewer requests', () => {
    expect(plan(0.1, 0.6, { isBinary: false }).requests.half).toBeLessThan(plan(0.1, 0.6).requests.half)
  })
})
