import type { Group, Outcome, Sample, ScoredOutcome } from '@posttrain/core'
import { maxAtKObjective, meanObjective } from '@posttrain/estimators'
import { describe, expect, it } from 'vitest'
import { remax } from '../../../src/algorithms/mean-reward.js'
import { policyGradient } from '../../../src/algorithms/policy-gradient.js'
import type { Rollout } from '../../../src/loops/online/events.js'
import { usableGroups, type UsableGroups } from '../../../src/loops/online/usable-groups.js'
import {
  completionsAt,
  distance,
  expectedUpdate,
  gradientOfExpectation,
  groupsOf,
  size,
  type Draw,
  type Problem,
} from '../../support/expected-update.js'
import { oneToken } from '../../support/problems.js'
import { sampleOf } from '../../support/reference-rewards.js'

const scored = (reward: number): Outcome => ({ kind: 'scored', reward })
const unscored: Outcome = { kind: 'unscored', reason: 'timeout', answer: 'A' }
const failed: Outcome = { kind: 'unscored', reason: 'cable cut' }
const groupOf = (id: string, ...outcomes: Outcome[]): Rollout['groups'][number] => ({
  task: { id, prompt: id },
  samples: outcomes.map((outcome, index): Sample => {
    const sample = sampleOf(`${index}`, index)
    return outcome === failed ? { ...sample, finish: 'failed', failure: 'cable cut' } : sample
  }),
  outcomes,
})
const greedyOf = (outcome: Outcome): Group => groupOf('x', outcome)
const mean = policyGradient(meanObjective())
const rewardsIn = ({ groups }: UsableGroups): number[][] =>
  groups.map(({ outcomes }) => outcomes.map(({ reward }) => reward))

describe('usableGroups', () => {
  const mixed = groupOf('x', scored(1), failed, unscored, scored(0), failed)

  it('leaves failed samples out, whatever becomes of unscored ones, and counts both apart', () => {
    const rollout = { step: 3, groups: [mixed] }
    const without = usableGroups(rollout, mean, 'exclude', 1)
    expect(rewardsIn(without)).toEqual([[1, 0]])
    expect(without.groups[0]!.samples.map(({ index }) => index)).toEqual([0, 3])
    const zero = usableGroups(rollout, mean, 'count-as-failure', 1)
    expect(rewardsIn(zero)).toEqual([[1, 0, 0]])
    expect(zero.groups[0]!.outcomes[1]).toEqual({ kind: 'scored', reward: 0, answer: 'A' })
    for (const counts of [without, zero]) expect(counts).toMatchObject({ failed: 2, unscored: 1, shortGroups: 0 })
    expect(() => usableGroups(rollout, mean, 'throw', 1)).toThrow('sample 2 of task x was not scored: timeout')
  })

  it('takes failed samples for nothing that throw is about', () => {
    const found = usableGroups({ step: 0, groups: [groupOf('x', scored(1), failed, scored(0))] }, mean, 'throw', 1)
    expect(rewardsIn(found)).toEqual([[1, 0]])
  })

  it('leaves out groups of which too few samples are left', () => {
    const short = groupOf('y', scored(1), failed, failed)
    const found = usableGroups({ step: 0, groups: [mixed, short] }, mean, 'exclude', 2)
    expect(rewardsIn(found)).toEqual([[1, 0]])
    expect(found).toMatchObject({ shortGroups: 1, failed: 4, unscored: 1 })
    expect(() => usableGroups({ step: 4, groups: [short] }, mean, 'exclude', 1)).toThrow(
      'no prompt of step 4 has the 2 scored samples that mean needs',
    )
    // pass@k-like objectives need k, whatever the advantages need.
    const max3 = { ...mean, objective: maxAtKObjective({ k: 3 }) }
    expect(() => usableGroups({ step: 0, groups: [mixed] }, max3, 'exclude', 1)).toThrow('the 3 scored samples')
  })

  it('leaves out groups whose most likely completion has no score, where it is needed', () => {
    const with0 = { ...groupOf('x', scored(1)), greedy: greedyOf(scored(0)) }
    const with1 = { ...groupOf('y', scored(1)), greedy: greedyOf(unscored) }
    const found = usableGroups({ step: 0, groups: [with0, with1] }, remax(), 'exclude', 2)
    expect(found.groups.map(({ task, greedy }) => [task.id, greedy?.reward])).toEqual([['x', 0]])
    expect(found).toMatchObject({ shortGroups: 1, unscored: 1, failed: 0 })
    const lost = { ...with1, greedy: greedyOf(failed) }
    expect(usableGroups({ step: 0, groups: [with0, lost] }, remax(), 'throw', 2)).toMatchObject({
      groups: [{ task: { id: 'x' } }],
      shortGroups: 1,
      unscored: 0,
      failed: 1,
    })
    const zero = usableGroups({ step: 0, groups: [with1] }, remax(), 'count-as-failure', 2)
    expect(zero.groups[0]!.greedy).toEqual({ kind: 'scored', reward: 0, answer: 'A' })
    expect(() => usableGroups({ step: 0, groups: [with1] }, remax(), 'throw', 2)).toThrow('was not scored: timeout')
    // Where nothing compares with it nobody asks for it.
    const unread = { ...groupOf('y', scored(1), scored(0)), greedy: greedyOf(unscored) }
    expect(usableGroups({ step: 0, groups: [unread] }, mean, 'throw', 1).groups[0]).not.toHaveProperty('greedy')
  })

  it('counts groups that say nothing, and puts them last where prompts were drawn anew', () => {
    const groups = [
      groupOf('x', scored(1), scored(1)),
      groupOf('y', scored(0), scored(1)),
      groupOf('z', scored(0), scored(0)),
      groupOf('u', scored(1), scored(0), failed),
    ]
    const plain = usableGroups({ step: 0, groups }, mean, 'throw', 2)
    expect([plain.groups.length, plain.constantGroups]).toEqual([4, 2])
    const dynamic = { ...mean, flow: { dynamicSampling: 1 } }
    const chosen = (count: number): string[] =>
      usableGroups({ step: 0, groups }, dynamic, 'throw', count).groups.map(({ task }) => task.id)
    expect([chosen(1), chosen(2), chosen(3)]).toEqual([['y'], ['y', 'u'], ['y', 'u', 'x']])
  })
})

/** Best of 2, from 3 samples of four completions; the second is the best but one. */
const best = policyGradient(maxAtKObjective({ k: 2 }))
const problem = (): Problem => oneToken([0, 0.3, 0.7, 1])
const rewardIn = ({ outcomes }: Problem, { text }: Draw): number => (outcomes[text] as ScoredOutcome).reward
const bestIn =
  (made: Problem) =>
  (group: readonly Draw[]): number =>
    Math.max(...group.map((draw) => rewardIn(made, draw)))

/** ∇E[f(y₁ … y_k)] in the logits of a softmax over draws of one token: Σ P·f·(count − k·probability). */
function gradientIn(draws: readonly Draw[], k: number, f: (group: readonly Draw[]) => number): Float64Array {
  const gradient = new Float64Array(draws.length)
  for (const { group, probability } of groupsOf(draws, k)) {
    draws.forEach((draw, a) => {
      const count = group.filter((drawn) => drawn === draw).length
      gradient[a]! += probability * f(group) * (count - k * draw.probability)
    })
  }
  return gradient
}

/** Every completion twice: as it is, and with a probability of something else that becomes of it. */
async function split(made: Problem, chance: (draw: Draw) => number, other: (draw: Draw) => Draw): Promise<Draw[]> {
  const completions: readonly Draw[] = await completionsAt(made, 1)
  return completions.flatMap((draw) => {
    const p = chance(draw)
    const rest = { ...other(draw), probability: draw.probability * p }
    return p === 0 ? [draw] : [{ ...draw, probability: draw.probability * (1 - p) }, rest]
  })
}

describe('the expected update, over all that can happen', () => {
  it('is exact where samples fail whatever they say: n is what entered', async () => {
    const made = problem()
    const exact = await gradientOfExpectation(made, 2, bestIn(made))
    for (const chance of [0.1, 0.3, 0.8]) {
      const draws = await split(made, () => chance, (draw) => ({ ...draw, failed: true })) // prettier-ignore
      // Groups of which fewer than 2 of 3 samples are left take no step.
      expect(distance(await expectedUpdate(made, best, 3, { draws }), exact)).toBeLessThan(1e-12)
    }
    expect(size(exact)).toBeGreaterThan(0.01)
  })

  it('is off where failing says something of the content', async () => {
    const made = problem()
    const draws = await split(made, ({ text }) => (text === 'd' ? 0.5 : 0), (draw) => ({ ...draw, failed: true })) // prettier-ignore
    const exact = await gradientOfExpectation(made, 2, bestIn(made))
    expect(distance(await expectedUpdate(made, best, 3, { draws }), exact)).toBeGreaterThan(0.01)
  })

  /** Half of the best completions get no score. */
  async function lost(): Promise<{ readonly made: Problem; readonly draws: Draw[] }> {
    const { outcomes, ...rest } = problem()
    const made = { ...rest, outcomes: { ...outcomes, 'd?': { kind: 'unscored' as const, reason: 'timeout' } } }
    const draws = await split(
      made,
      ({ text }) => (text === 'd' ? 0.5 : 0),
      (draw) => ({ ...draw, text: `${draw.text}?` }),
    )
    return { made, draws }
  }

  it('counting as failure is exact for the reward that is 0 there', async () => {
    const { made, draws } = await lost()
    const zero = { ...made, outcomes: { ...made.outcomes, 'd?': { kind: 'scored' as const, reward: 0 } } }
    const exact = await gradientOfExpectation(zero, 2, bestIn(zero), draws)
    const settings = { unscored: 'count-as-failure' as const }
    for (const n of [2, 3]) {
      expect(distance(await expectedUpdate(made, best, n, { draws, settings }), exact)).toBeLessThan(1e-12)
    }
    // And that is another objective than the one without timeouts.
    const whole = await gradientOfExpectation(made, 2, bestIn(problem()))
    expect(distance(exact, whole)).toBeGreaterThan(0.05)
  })

  it('excluding is exact among scored samples, and off for all: by how much, for best-of-2 and for the mean', async () => {
    const { made, draws } = await lost()
    const settings = { unscored: 'exclude' as const }
    const whole = await gradientOfExpectation(made, 2, bestIn(problem()))
    const kept = draws.filter(({ text }) => text !== 'd?')
    const share = kept.reduce((sum, { probability }) => sum + probability, 0)
    const scored = kept.map((draw) => ({ ...draw, probability: draw.probability / share }))
    const update = await expectedUpdate(made, best, 3, { draws, settings })
    expect(distance(update, gradientIn(scored, 2, bestIn(made)))).toBeLessThan(1e-12)
    expect(distance(update, whole)).toBeCloseTo(0.03753, 5)

    // For the mean it is the gradient of the mean reward among the scored, π̃(r − r̃), in place of π(r − r̄).
    const among = scored.reduce((sum, draw) => sum + draw.probability * rewardIn(made, draw), 0)
    const expected = scored.map((draw) => draw.probability * (rewardIn(made, draw) - among))
    const ofMean = await expectedUpdate(made, mean, 3, { draws, settings })
    ofMean.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 12))
    const exact = await gradientOfExpectation(made, 1, ([draw]) => rewardIn(problem(), draw!))
    expect(distance(ofMean, exact)).toBeCloseTo(0.03792, 5)
  })
})
