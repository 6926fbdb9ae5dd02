import { scoreOf, sum, type Objective, type ScoredOutcome } from '@posttrain/core'
import {
  majorityObjective,
  maxAtKObjective,
  meanObjective,
  passAtKObjective,
  symmetricObjective,
} from '@posttrain/estimators'
import { both, inReward, type KlPlacement } from '@posttrain/kl'
import { sequenceSum } from '@posttrain/losses'
import type { WeightedCompletion } from '@posttrain/models'
import {
  generalisedAdvantage,
  policyGradient,
  ppo,
  reinforce,
  remax,
  rloo,
  withPpoClip,
  type Algorithm,
} from '@posttrain/trainers'
import { describe, expect, it } from 'vitest'
import {
  distance,
  expectedUpdate,
  gradientOfExpectation,
  size,
  weightedScores,
  type Problem,
} from '../support/expected-update.js'
import { manyLengths, oneToken } from '../support/problems.js'

const binary = (): Problem => oneToken([0, 1, 0, 1])
/** Completions of one to three tokens, right or wrong. */
function binaryLengths(): Problem {
  const problem = manyLengths()
  const outcomes = Object.entries(problem.outcomes as Readonly<Record<string, ScoredOutcome>>)
  return {
    ...problem,
    outcomes: Object.fromEntries(
      outcomes.map(([text, outcome]) => [text, { ...outcome, reward: outcome.reward > 0.5 ? 1 : 0 }]),
    ),
  }
}
const continuous = (): Problem => oneToken([0, 0.3, 0.7, 1])

/** One update per batch, each token's gradient as it is. */
const ppoUnbiased = (): Algorithm => ({
  ...ppo({ klCoefficient: 0, epochs: 1 }),
  advantages: generalisedAdvantage({ lambda: 1 }),
  aggregation: sequenceSum(),
})

/** The spread of k rewards: symmetric, and neither a mean nor a maximum. */
const spread = symmetricObjective({
  name: 'spread of 2',
  k: 2,
  f: (outcomes) => {
    const rewards = outcomes.map(({ reward }) => reward)
    return outcomes.length < 2 ? 0 : (Math.max(...rewards) - Math.min(...rewards)) ** 2
  },
})

interface ExactCase {
  readonly algorithm: Algorithm
  /** Samples per prompt. */
  readonly n: number
  readonly problem: () => Problem
}

const cases: Readonly<Record<string, ExactCase>> = {
  'the mean reward': { algorithm: policyGradient(meanObjective()), n: 3, problem: continuous },
  'pass@2 from 3': { algorithm: policyGradient(passAtKObjective({ k: 2 })), n: 3, problem: binary },
  'pass@3 from 3': { algorithm: policyGradient(passAtKObjective({ k: 3 })), n: 3, problem: binary },
  'max@2 from 4': { algorithm: policyGradient(maxAtKObjective({ k: 2 })), n: 4, problem: manyLengths },
  'maj@3 from 4': { algorithm: policyGradient(majorityObjective({ k: 3 })), n: 4, problem: binary },
  'an f of one’s own': { algorithm: policyGradient(spread), n: 3, problem: manyLengths },
  'pass@2 with ppo clip, first update': {
    algorithm: withPpoClip(policyGradient(passAtKObjective({ k: 2 })), { epochs: 1 }),
    n: 3,
    problem: binary,
  },
  reinforce: { algorithm: reinforce(), n: 2, problem: manyLengths },
  rloo: { algorithm: rloo(), n: 3, problem: manyLengths },
  remax: { algorithm: remax(), n: 2, problem: manyLengths },
  'ppo with λ = 1 and a critic that is wrong': {
    algorithm: ppoUnbiased(),
    n: 2,
    problem: () => manyLengths(true),
  },
}

/** E[f] of the objective with exactly k samples, which is what the row claims to maximise. */
const valueOf =
  ({ objective }: Algorithm, { outcomes }: Problem) =>
  (group: readonly WeightedCompletion[]): number => {
    const drawn = group.map(({ text }) => outcomes[text] as ScoredOutcome)
    return objective.k === 1 ? drawn[0]!.reward : objective.estimate(drawn)
  }

describe('the expected update is the gradient of the objective', () => {
  it.each(Object.entries(cases))('%s', async (_, { algorithm, n, problem }) => {
    const made = problem()
    const expected = await gradientOfExpectation(made, algorithm.objective.k, valueOf(algorithm, made))
    const update = await expectedUpdate(made, algorithm, n)
    expect(distance(update, expected)).toBeLessThan(1e-12)
    expect(size(expected)).toBeGreaterThan(0.01)
    expect(algorithm.advantages.bias(n)).toEqual({ kind: 'exact' })
  })
})

describe('with a KL penalty in the reward it is the gradient of the objective − β·KL(π ‖ reference)', () => {
  const penalised = (objective: Objective, placement: KlPlacement): Algorithm => ({
    ...policyGradient(objective),
    kl: { placement, coefficient: 0.3 },
  })
  const pass2 = passAtKObjective({ k: 2 })
  const [maj3, max2] = [majorityObjective({ k: 3 }), maxAtKObjective({ k: 2 })]
  const rows: Readonly<Record<string, [Algorithm, n: number, () => Problem]>> = {
    rloo: [rloo({ klCoefficient: 0.3 }), 3, () => manyLengths()],
    'pass@2 by token': [penalised(pass2, inReward({ value: 'k1' })), 3, binaryLengths],
    'pass@2 of whole sequences': [penalised(pass2, inReward({ value: 'k1', level: 'sequence' })), 3, binaryLengths],
    'pass@2 from 2': [penalised(pass2, inReward({ value: 'k1' })), 2, binaryLengths],
    'maj@3': [penalised(maj3, inReward({ value: 'k1' })), 4, binaryLengths],
    'max@2, in both places': [penalised(max2, both({ value: 'k3' })), 3, () => manyLengths()],
    'pass@2, the exact KL in both places': [penalised(pass2, both({ value: 'rao-blackwell' })), 3, binaryLengths],
    'the mean of one sample': [
      { ...reinforce(), kl: { placement: inReward({ value: 'k1' }), coefficient: 0.3 } },
      1,
      binaryLengths,
    ],
  }

  it.each(Object.entries(rows))('%s', async (_, [algorithm, n, make]) => {
    const problem = make()
    const { policy, prompt } = problem
    const reference = await policy.snapshot()
    policy.setLogits(prompt, [], [-0.5, 0.6])
    policy.setLogits(prompt, [0], [0.9, 0])
    const completions = await policy.completions(prompt)
    const frozen = await reference.score(completions.map(({ tokens }) => ({ prompt, tokens })))
    const logRatio = new Map(
      completions.map(({ text, probability }, i) => [
        text,
        Math.log(probability) - sum(scoreOf(frozen[i]!, 'logprob')),
      ]),
    )
    const ofObjective = await gradientOfExpectation(problem, algorithm.objective.k, valueOf(algorithm, problem))
    const ofKl = await weightedScores(problem, ({ text, probability }) => probability * logRatio.get(text)!)
    const update = await expectedUpdate(problem, algorithm, n, { reference })
    expect(
      distance(
        update,
        ofObjective.map((slope, j) => slope - 0.3 * ofKl[j]!),
      ),
    ).toBeLessThan(1e-12)
    expect(size(ofKl)).toBeGreaterThan(0.01)
    expect(Math.abs([...logRatio.values()].reduce((a, b) => a + b))).toBeGreaterThan(0.01)
  })
})

describe('symmetricObjective', () => {
  it('of the best is max@k with its leave-one-out advantages', () => {
    const outcomes = [1, 0, 3, 2].map((reward) => ({ kind: 'scored' as const, reward }))
    const best = symmetricObjective({
      name: 'best',
      k: 2,
      f: (group) => Math.max(...group.map(({ reward }) => reward)),
    })
    expect(best.estimate(outcomes)).toBeCloseTo(7 / 3, 12)
    best.advantages(outcomes).forEach((advantage, i) => {
      expect(advantage).toBeCloseTo([1 / 6, 0, 1, 0.5][i]!, 12)
    })
  })

  it('cuts groups with too many subsets into disjoint ones', () => {
    const outcomes = Array.from({ length: 41 }, (_, i) => ({ kind: 'scored' as const, reward: i % 2 }))
    const sum = symmetricObjective({
      name: 'sum',
      k: 8,
      f: (group) => group.reduce((total, { reward }) => total + reward, 0),
    })
    expect(sum.estimate(outcomes)).toBe(4)
    expect(sum.advantages(outcomes).slice(0, 4)).toEqual([0, 0.2, 0, 0.2])
    expect(sum.advantages(outcomes).at(-1)).toBe(0)
  })
})
