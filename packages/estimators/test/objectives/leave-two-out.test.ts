import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Objective, ScoredOutcome } from '@posttrain/core'
import {
  bestOfNObjective,
  firstPassingObjective,
  leaveTwoOut,
  majorityObjective,
  maxAtKObjective,
  meanObjective,
  passAtKObjective,
  passHatKObjective,
  symmetricObjective,
} from '@posttrain/estimators'
import {
  answerOutcome,
  bestValue,
  binaryOutcome,
  meanValue,
  partOutcome,
  pluralityValue,
  rewardOutcome,
  worstValue,
} from '@posttrain/laws'
import type { GroupValue } from '@posttrain/laws'
import { expectClose, votes, withRewards } from '../outcomes.js'

/** All subsets of `size` of some indices. */
function subsetsOf(indices: readonly number[], size: number): number[][] {
  if (size === 0) return [[]]
  return indices.flatMap((i, at) => subsetsOf(indices.slice(at + 1), size - 1).map((rest) => [i, ...rest]))
}

/** (k/n)·mean over j ≠ i of E_B[f(B ∪ i) − f(B ∪ j)], B being k−1 others, written out. */
function byDefinition(outcomes: readonly ScoredOutcome[], k: number, f: GroupValue): number[] {
  const all = outcomes.map((_, i) => i)
  const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length
  const valueOf = (indices: readonly number[]): number => f(indices.map((i) => outcomes[i]!))
  return all.map((i) => {
    const against = all
      .filter((j) => j !== i)
      .map((j) => {
        const companions = subsetsOf(all.filter((other) => other !== i && other !== j), k - 1) // prettier-ignore
        return mean(companions.map((B) => valueOf([...B, i]) - valueOf([...B, j])))
      })
    return (k / outcomes.length) * mean(against)
  })
}

const spread: GroupValue = (outcomes) => {
  const rewards = outcomes.map(({ reward }) => reward)
  return (Math.max(...rewards) - Math.min(...rewards)) ** 2
}
const chosenByProxy: GroupValue = (outcomes) => {
  const proxies = outcomes.map(({ parts }) => parts!['proxy'] ?? -Infinity)
  const highest = Math.max(...proxies)
  if (highest === -Infinity) return 0
  const best = outcomes.filter((_, i) => proxies[i] === highest)
  return best.reduce((sum, { reward }) => sum + reward, 0) / best.length
}
const passing: GroupValue = (outcomes) => {
  const passed = outcomes.filter(({ parts }) => (parts!['proxy'] ?? -1) >= 1)
  return passed.length === 0 ? 0 : passed.reduce((sum, { reward }) => sum + reward, 0) / passed.length
}

const cases: readonly (readonly [string, Objective, GroupValue, fc.Arbitrary<ScoredOutcome>])[] = [
  ['mean', meanObjective(), meanValue, rewardOutcome()],
  ...[1, 2, 3].flatMap((k): [string, Objective, GroupValue, fc.Arbitrary<ScoredOutcome>][] => [
    [`pass@${k}`, passAtKObjective({ k }), bestValue, binaryOutcome()],
    [`pass^${k}`, passHatKObjective({ k }), worstValue, binaryOutcome()],
    [`max@${k}`, maxAtKObjective({ k, baseline: 'none' }), bestValue, rewardOutcome()],
    [`maj@${k}`, majorityObjective({ k }), pluralityValue(), answerOutcome()],
    [`strict maj@${k}`, majorityObjective({ k, ties: 'strict' }), pluralityValue({ ties: 'strict' }), answerOutcome()],
    [`best-of-${k} by proxy`, bestOfNObjective({ n: k, by: 'proxy' }), chosenByProxy, partOutcome('proxy')],
    [`first-passing@${k}`, firstPassingObjective({ k, by: 'proxy' }), passing, partOutcome('proxy')],
    [`spread@${k}`, symmetricObjective({ name: 'spread', k, f: spread }), spread, rewardOutcome()],
  ]),
]

describe('leaveTwoOut', () => {
  it.each(cases)('of %s is its definition, written out, and adds up to 0', (_, objective, f, outcome) => {
    const { k } = objective
    const group = fc.array(outcome, { minLength: k + 1, maxLength: k + 3 })
    fc.assert(
      fc.property(group, (outcomes) => {
        const found = leaveTwoOut(objective).advantages(outcomes)
        const scale = Math.max(1, ...outcomes.map(({ reward }) => reward ** 2))
        expectClose(found, byDefinition(outcomes, k, f), 1e-11 * scale)
        expect(Math.abs(found.reduce((a, b) => a + b, 0))).toBeLessThan(1e-11 * scale)
      }),
      { seed: 1, numRuns: 50 },
    )
  })

  it('of max@k is the baseline of that name', () => {
    const outcomes = withRewards(1, 0, 3, 2)
    const found = leaveTwoOut(maxAtKObjective({ k: 2 })).advantages(outcomes)
    expectClose(found, [-1 / 3, -1 / 3, 2 / 3, 0], 1e-15) // MaxPO's vector
    expectClose(found, maxAtKObjective({ k: 2, baseline: 'leave-two-out' }).advantages(outcomes), 1e-15)
  })

  it('keeps estimate and name, and refuses a group of k', () => {
    const objective = majorityObjective({ k: 3 })
    const centred = leaveTwoOut(objective)
    expect([centred.name, centred.k, centred.minimumSamples]).toEqual(['maj@3', 3, 4])
    expect(centred.estimate(votes('AAB'))).toBe(objective.estimate(votes('AAB')))
    expect(() => centred.advantages(votes('AAB'))).toThrow(
      'leave-two-out of maj@3 needs at least 4 samples per task, but there are 3',
    )
  })

  it('is exactly 0 where all samples are alike, and unbiased where the group is cut into disjoint subsets', () => {
    expect(leaveTwoOut(passAtKObjective({ k: 3 })).advantages(withRewards(1, 1, 1, 1, 1))).toEqual([0, 0, 0, 0, 0])
    const many = symmetricObjective({ name: 'spread', k: 8, f: spread }) // C(41, 8) subsets are too many
    const found = leaveTwoOut(many).advantages(withRewards(...Array.from({ length: 41 }, (_, i) => i % 3)))
    expect(Math.abs(found.reduce((a, b) => a + b, 0))).toBeLessThan(1e-12)
  })
})
