import type { Objective, Outcome, ScoredOutcome } from '@posttrain/core'
import {
  bestOfNObjective,
  majorityObjective,
  maxAtKObjective,
  meanObjective,
  passAtKObjective,
  passHatKObjective,
  symmetricObjective,
} from '@posttrain/estimators'
import { exactGradient, finitePolicy, type GroupValue } from '@posttrain/laws'
import { TabularPolicy } from '@posttrain/models'
import { describe, expect, it } from 'vitest'
import { grpo, noBaseline, policyGradient, reinforce, rloo, type Algorithm } from '@posttrain/trainers'
import { amongScored } from '../../../src/loops/online/among-scored.js'
import { checkedSettings } from '../../../src/loops/online/settings.js'
import { trainOnline } from '../../../src/loops/online/train-online.js'
import { expectedUpdate, type Problem } from '../../support/expected-update.js'
import { settings } from '../../support/online.js'

const unscored: Outcome = { kind: 'unscored', reason: 'crash' }
const answered = (answer: string, reward: number): ScoredOutcome => ({
  kind: 'scored',
  reward,
  answer,
  parts: { judge: answer === 'B' ? 1 : reward / 2 },
})
/** A word is a completion; one of them crashes whoever judges it. */
const problemOf = (logits: readonly number[], outcomes: readonly Outcome[]): Problem => {
  const words = ['a', 'b', 'c', 'd'].slice(0, logits.length)
  const policy = new TabularPolicy({ prompts: ['x'], words })
  policy.setLogits('x', [], logits)
  return { policy, prompt: 'x', outcomes: Object.fromEntries(words.map((word, i) => [word, outcomes[i]!])) }
}
const binary = (): Problem => problemOf([0.2, -0.4, 0.5], [answered('A', 1), answered('B', 0), unscored])
const voting = (): Problem =>
  problemOf([0.2, -0.4, 0.5, -0.1], [answered('A', 1), answered('B', 0), unscored, answered('C', 0)])
const graded = (): Problem =>
  problemOf([0.2, -0.4, 0.5, -0.1], [answered('A', -1), answered('B', 0.3), unscored, answered('C', 2)])

/** The gradient of what k samples decide among scored ones, in the logits of all completions. */
function amongScoredOnes({ outcomes }: Problem, logits: readonly number[], k: number, value: GroupValue): number[] {
  const all = Object.values(outcomes)
  const kept = all.flatMap((outcome, i) => (outcome.kind === 'scored' ? [{ outcome, i }] : []))
  const policy = finitePolicy(kept.map(({ outcome }) => outcome), kept.map(({ i }) => logits[i]!)) // prettier-ignore
  const gradient = all.map(() => 0)
  exactGradient(policy, k, value).forEach((derivative, j) => (gradient[kept[j]!.i] = derivative))
  return gradient
}

const spread = symmetricObjective({
  name: 'spread of 2',
  k: 2,
  f: (outcomes) =>
    Math.max(...outcomes.map(({ reward }) => reward)) - Math.min(...outcomes.map(({ reward }) => reward)),
})
const cases: readonly (readonly [string, Objective, number, () => Problem])[] = [
  ['the mean from 3', meanObjective(), 3, binary],
  ['pass@2 from 3', passAtKObjective({ k: 2 }), 3, binary],
  ['pass@2 from 4', passAtKObjective({ k: 2 }), 4, binary],
  ['pass^2 from 4', passHatKObjective({ k: 2 }), 4, binary],
  ['max@2 without a baseline from 3', maxAtKObjective({ k: 2, baseline: 'none' }), 3, binary],
  ['max@2 of graded rewards from 4', maxAtKObjective({ k: 2 }), 4, graded],
  ['maj@3 from 5', majorityObjective({ k: 3 }), 5, voting],
  ['best-of-2 by a judge from 4', bestOfNObjective({ n: 2, by: 'judge' }), 4, graded],
  ['an f of one’s own from 4', spread, 4, graded],
]

const logitsOf = (made: Problem): number[] => [0.2, -0.4, 0.5, -0.1].slice(0, Object.keys(made.outcomes).length)
const excluded = { settings: { unscored: 'exclude' as const } }

describe('leaving unscored samples out', () => {
  it.each(cases)('is exact among scored ones for %s', async (_, objective, n, problem) => {
    const made = problem()
    const draws = await made.policy.completions('x')
    const judged: Algorithm = {
      ...policyGradient(objective),
      reading: undefined,
      objective: { ...objective, reads: undefined },
    }
    const update = await expectedUpdate(made, judged, n, { draws, ...excluded })
    const truth = amongScoredOnes(made, logitsOf(made), objective.k, (outcomes) => objective.estimate(outcomes))
    truth.forEach((derivative, i) => expect(update[i]).toBeCloseTo(derivative, 12))
    expect(Math.max(...truth.map(Math.abs))).toBeGreaterThan(0.01)
  })

  it('has the printed value for pass@2 from 3', async () => {
    const made = binary()
    const update = await expectedUpdate(made, policyGradient(passAtKObjective({ k: 2 })), 3, {
      draws: await made.policy.completions('x'),
      ...excluded,
    })
    ;[0.1621, -0.1621, 0].forEach((value, i) => expect(update[i]).toBeCloseTo(value, 4))
  })

  it('is off by E[Σ A]/n·∇log P(scored) for advantages that do not add up to 0', async () => {
    const made = binary()
    const draws = await made.policy.completions('x')
    const update = await expectedUpdate(made, reinforce(), 2, { draws, ...excluded })
    const truth = amongScoredOnes(made, logitsOf(made), 1, ([only]) => only!.reward)
    const scored = draws.slice(0, 2).reduce((sum, { probability }) => sum + probability, 0)
    const reward = draws[0]!.probability / scored // of a scored sample, on average
    draws.forEach(({ probability }, i) => {
      const ofScored = i < 2 ? probability / scored - probability : -probability // ∂log P(scored)
      expect(update[i]).toBeCloseTo(truth[i]! + reward * ofScored, 12)
    })
  })
})

describe('amongScored', () => {
  it('takes the advantages that add up to 0 where there are such, and only under exclude', () => {
    const algorithm = policyGradient(passAtKObjective({ k: 4 }))
    const always = (): Algorithm => algorithm
    expect(amongScored(always, 'throw')(0)).toBe(algorithm)
    expect(amongScored(always, 'count-as-failure')(0)).toBe(algorithm)
    const changed = amongScored(always, 'exclude')
    expect(changed(0).advantages.minimumSamples).toBe(5)
    expect(changed(1)).toBe(changed(0)) // one object, so that it is checked once
    for (const row of [grpo(), reinforce()]) expect(amongScored(() => row, 'exclude')(0)).toBe(row)
    expect(noBaseline().amongScored).toBeUndefined()
    expect(rloo().advantages.amongScored?.minimumSamples).toBe(2)
  })

  it('refuses groups of k before the first sample, and draws enough by itself', async () => {
    const objective = passAtKObjective({ k: 8 })
    const options = { ...settings({ unscored: 'exclude', samplesPerPrompt: 8 }), objective }
    await expect(trainOnline(options).next()).rejects.toThrow(
      'the algorithm pass@8 with unscored samples left out needs at least 9 samples per task, but there are 8',
    )
    expect(checkedSettings({ ...options, samplesPerPrompt: undefined }).samplesPerPrompt).toBe(18)
    expect(checkedSettings({ ...options, samplesPerPrompt: undefined, unscored: 'throw' }).samplesPerPrompt).toBe(16)
  })
})
