import type { Sample, Task } from '@posttrain/core'
import { TabularPolicy } from '@posttrain/models'
import { describe, expect, it } from 'vitest'
import { expensiveDensity } from '../../src/budget/expensive-density.js'

const tasks: Task[] = Array.from({ length: 200 }, (_, i) => ({ id: `${i}`, prompt: i % 2 ? 'x' : 'y' }))
const costGroupOf = ({ text }: Sample): number => (text === 'long' ? 1 : 0)
const policyWith = (long: number): TabularPolicy => {
  const policy = new TabularPolicy({ prompts: ['x', 'y'], words: ['short', 'long'] })
  for (const prompt of ['x', 'y']) policy.setLogits(prompt, [], [0, Math.log(long / (1 - long))])
  return policy
}

describe('expensiveDensity', () => {
  it.each([
    [0.1, 'within'],
    [0.25, 'undecided'],
    [0.4, 'exceeded'],
  ] as const)('of a policy that is expensive with probability %d against 0.25: %s', async (long, verdict) => {
    const report = await expensiveDensity({ sampler: policyWith(long), tasks, costGroupOf, share: 0.25, seed: 2 })
    const { value, interval, tasks: n, samplesPerTask } = report.density
    expect(report.verdict).toBe(verdict)
    expect(interval.lower).toBeLessThan(long)
    expect(interval.upper).toBeGreaterThan(long)
    expect(interval.upper - interval.lower).toBeLessThan(0.08)
    expect([value > interval.lower, n, samplesPerTask]).toEqual([true, 200, { min: 8, max: 8 }])
  })

  it('refuses what has no interval', async () => {
    const sampler = policyWith(0.5)
    await expect(expensiveDensity({ sampler, tasks: tasks.slice(0, 1), costGroupOf, share: 0.5 })).rejects.toThrow(
      'at least 2 tasks',
    )
    await expect(expensiveDensity({ sampler, tasks, costGroupOf, share: 50 })).rejects.toThrow('share')
  })
})
