import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NO_USAGE, scoredGroup, type Outcome } from '@posttrain/core'
import { majorityAtK, maxAtK, passAtK } from '@posttrain/estimators'
import {
  countTable,
  distributionPair,
  outcomeGroup,
  policies,
  rewardOutcome,
  rewardVector,
  successCount,
} from '@posttrain/laws'

const drawn = <T>(arbitrary: fc.Arbitrary<T>): T[] => fc.sample(arbitrary, { numRuns: 500, seed: 1 })
const share = <T>(values: readonly T[], holds: (value: T) => boolean): number =>
  values.filter(holds).length / values.length

describe('the arbitraries', () => {
  it('make groups with ties, unparsed and unscored members', () => {
    const groups = drawn(outcomeGroup())
    expect(share(groups, (group) => group.some(({ kind }) => kind === 'unscored'))).toBeGreaterThan(0.2)
    expect(share(groups, (group) => group.some((o) => o.kind === 'scored' && o.answer === undefined))).toBeGreaterThan(
      0.2,
    )
    const tied = (group: (typeof groups)[number]): boolean => {
      const answers = group.flatMap((o) => (o.kind === 'scored' && o.answer !== undefined ? [o.answer] : []))
      return new Set(answers).size < answers.length
    }
    expect(share(groups, tied)).toBeGreaterThan(0.2)
  })

  it('make rewards with ties and of either sign', () => {
    const vectors = drawn(rewardVector({ minLength: 3 }))
    expect(share(vectors, (rewards) => new Set(rewards).size < rewards.length)).toBeGreaterThan(0.2)
    expect(share(vectors, (rewards) => rewards.some((reward) => reward < 0))).toBeGreaterThan(0.2)
  })

  it('make policies and distributions that add up to 1', () => {
    const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0)
    for (const { probabilities } of drawn(policies(rewardOutcome()))) expect(sum(probabilities)).toBeCloseTo(1, 12)
    for (const { p, q } of drawn(distributionPair()))
      expect([sum(p), sum(q)].map((s) => Math.round(1e9 * s) / 1e9)).toEqual([1, 1])
  })

  it('make counts', () => {
    expect(drawn(successCount()).every(({ n, c }) => c >= 0 && c <= n && n <= 200)).toBe(true)
    expect(drawn(countTable()).every((table) => table.every(({ count }) => count >= 1))).toBe(true)
  })
})

/** Outcomes as a group of a task; what the samples say is of no account here. */
const groupOf = (outcomes: readonly Outcome[]) => {
  const own = { id: 'a', taskId: 'a', seed: 0, text: '', finish: 'stop' as const, usage: NO_USAGE }
  return { task: { id: 'a', prompt: '' }, samples: outcomes.map((_, index) => ({ ...own, index })), outcomes }
}

describe('every group', () => {
  it('can be estimated from once a policy for unscored members is stated', () => {
    fc.assert(
      fc.property(outcomeGroup(), fc.constantFrom('count-as-failure' as const, 'exclude' as const), (group, policy) => {
        const { outcomes: scored } = scoredGroup(groupOf(group), policy)
        if (scored.length === 0) return
        const rewards = scored.map(({ reward }) => reward)
        const [low, high] = [Math.min(0, ...rewards), Math.max(0, ...rewards)]
        for (let k = 1; k <= scored.length; k++) {
          const best = maxAtK(rewards, k)
          const vote = majorityAtK(scored, k)
          expect(best).toBeGreaterThanOrEqual(low - 1e-9)
          expect(best).toBeLessThanOrEqual(high + 1e-9)
          expect(vote).toBeGreaterThanOrEqual(low - 1e-9)
          expect(vote).toBeLessThanOrEqual(high + 1e-9)
        }
      }),
      { seed: 1 },
    )
  })

  it('of counts has a pass@k that rises with k and with c', () => {
    fc.assert(
      fc.property(successCount(), fc.nat(), ({ n, c }, seed) => {
        const k = 1 + (seed % n)
        const value = passAtK(n, c, k)
        if (k < n) expect(passAtK(n, c, k + 1)).toBeGreaterThanOrEqual(value - 1e-15)
        if (c < n) expect(passAtK(n, c + 1, k)).toBeGreaterThanOrEqual(value - 1e-15)
      }),
      { seed: 1 },
    )
  })
})
