import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Objective, ScoredOutcome } from '@posttrain/core'
import { passAtKObjective } from '@posttrain/estimators'
import { bestValue, binaryOutcome, objectiveLaws } from '@posttrain/laws'
import type { Law } from '@posttrain/laws'

const claims = { value: bestValue, outcome: binaryOutcome() }

/** The laws that an objective breaks, with the shrunk counter-example of each. */
function broken(laws: readonly Law[]): Map<string, unknown> {
  const found = new Map<string, unknown>()
  for (const { name, property } of laws) {
    const result = fc.check(property, { seed: 1 })
    if (result.failed) found.set(name, result.counterexample)
  }
  return found
}

const rewardsOf = (outcomes: readonly ScoredOutcome[]): number[] => outcomes.map(({ reward }) => reward)

describe('the laws catch', () => {
  it('pass@k by drawing with replacement, biased low', () => {
    const right = passAtKObjective({ k: 2 })
    const wrong: Objective = {
      ...right,
      estimate(outcomes) {
        right.estimate(outcomes) // the same refusals
        const share = rewardsOf(outcomes).reduce((a, b) => a + b, 0) / outcomes.length
        return 1 - (1 - share) ** 2
      },
    }
    const found = broken(objectiveLaws(wrong, claims))
    expect([...found.keys()]).toEqual([
      'pass@2 is unbiased',
      'pass@2 from k samples is its value',
      'pass@2 of counts is that of as many verdicts',
    ])
    // Shrunk to the smallest: one correct of two samples.
    expect(rewardsOf((found.get('pass@2 from k samples is its value') as [ScoredOutcome[]])[0]).sort()).toEqual([0, 1])
  })

  it('PKPO credit centred on the group mean, whose gradient is short by the factor 1 − k/n', () => {
    const credit = passAtKObjective({ k: 2, baseline: 'none' })
    const wrong: Objective = {
      ...credit,
      advantages(outcomes) {
        const credits = credit.advantages(outcomes)
        const average = credits.reduce((a, b) => a + b, 0) / credits.length
        return credits.map((value) => value - average)
      },
    }
    const found = broken(objectiveLaws(wrong, { ...claims, vanishes: false }))
    expect([...found.keys()]).toEqual(['pass@2 advantages give its gradient'])
    const [{ policy, n }] = found.get('pass@2 advantages give its gradient') as [
      { policy: { outcomes: ScoredOutcome[]; logits: number[] }; n: number },
    ]
    expect(n).toBe(2)
    expect(rewardsOf(policy.outcomes).sort()).toEqual([0, 1])
    expect(policy.logits).toEqual([0, 0])
  })
})
