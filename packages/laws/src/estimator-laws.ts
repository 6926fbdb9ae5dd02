import fc from 'fast-check'
import { mean, type Objective, type ScoredOutcome } from '@posttrain/core'
import { policies } from './arbitraries/policies.js'
import { requireClose, requireThat, throwsCode } from './assertions.js'
import { exactExpectation } from './enumerate.js'
import type { GroupValue } from './enumerate.js'
import type { Law } from './law.js'

/** What an estimator of a k-sample quantity is; every `Objective` is one. */
export type Estimator = Pick<Objective, 'name' | 'k' | 'estimate'>

/** What an estimator claims. */
export interface EstimatorClaims {
  /** f(y₁ … yₖ), written as plainly as can be: what the estimator estimates the expectation of. */
  readonly value: GroupValue
  /** Outcomes it accepts, for instance `binaryOutcome()`. */
  readonly outcome: fc.Arbitrary<ScoredOutcome>
  /** Fewest samples it accepts (default k). */
  readonly fewest?: number | undefined
  /** False if the order of samples is meant to matter (default true). */
  readonly symmetric?: boolean | undefined
  /** True if a better outcome can never lower the estimate (default false: not claimed). */
  readonly monotone?: boolean | undefined
  /** Largest error, in units of the largest reward, that rounding may cause (default 1e-10). */
  readonly tolerance?: number | undefined
}

/** Enumerations in one run of a law: enough for any k up to 6 and quick enough for a hundred runs. */
const MOST_SEQUENCES = 300

const groupSizes = (fewest: number): fc.Arbitrary<number> => fc.integer({ min: fewest, max: fewest + 2 })

/** Policies with group sizes, from the fewest samples on, whose draws can all be written out. */
export const enumerable = (outcome: fc.Arbitrary<ScoredOutcome>, fewest: number): fc.Arbitrary<EnumerableCase> =>
  fc
    .record({ policy: policies(outcome), n: groupSizes(fewest) })
    .filter(({ policy, n }) => policy.outcomes.length ** n <= Math.max(MOST_SEQUENCES, 2 ** n))

/** A policy and the number of samples drawn from it. */
export interface EnumerableCase {
  readonly policy: ReturnType<typeof policies> extends fc.Arbitrary<infer P> ? P : never
  readonly n: number
}

/** The largest reward, the unit of rounding errors. */
export const scaleOf = (outcomes: readonly ScoredOutcome[]): number =>
  Math.max(...outcomes.map(({ reward }) => Math.abs(reward)))

/**
 * The laws of an estimator: unbiased by exact enumeration, equal to its value at n = k and to the mean at k = 1, blind
 * to the order of samples, without side effects, and refusing too few samples.
 *
 * @example
 * ```ts
 * const anyCorrect = { name: 'pass@1', k: 1, estimate: (o: { reward: number }[]) => o[0]!.reward }
 * estimatorLaws(anyCorrect, { value: bestValue, outcome: binaryOutcome() })[0]!.name // => 'pass@1 is unbiased'
 * ```
 */
export function estimatorLaws(estimator: Estimator, claims: EstimatorClaims): Law[] {
  const { name, k } = estimator
  const { value, outcome, fewest = k, symmetric = true, monotone = false, tolerance = 1e-10 } = claims
  const groups = groupSizes(fewest).chain((n) => fc.array(outcome, { minLength: n, maxLength: n }))
  const laws: Law[] = [
    {
      name: `${name} is unbiased`,
      property: fc.property(enumerable(outcome, fewest), ({ policy, n }) => {
        const expected = exactExpectation(policy, n, (outcomes) => estimator.estimate(outcomes))
        const truth = exactExpectation(policy, k, value)
        requireClose(
          `the expectation of ${name} from ${n} samples`,
          expected,
          truth,
          tolerance,
          scaleOf(policy.outcomes),
        )
      }),
    },
    {
      name: `${name} refuses fewer than ${fewest} samples`,
      property: fc.property(fc.array(outcome, { maxLength: fewest - 1 }), (outcomes) =>
        throwsCode('invalid-argument', () => estimator.estimate(outcomes)),
      ),
    },
    {
      name: `${name} leaves its input alone and repeats itself`,
      property: fc.property(groups, (outcomes) => {
        const before = JSON.stringify(outcomes)
        const first = estimator.estimate(outcomes)
        requireThat(Object.is(first, estimator.estimate(outcomes)), () => `${name} gave two answers for one group`)
        requireThat(JSON.stringify(outcomes) === before, () => `${name} changed its argument`)
      }),
    },
  ]
  if (fewest === k) {
    laws.push({
      name: `${name} from k samples is its value`,
      property: fc.property(fc.array(outcome, { minLength: k, maxLength: k }), (outcomes) =>
        requireClose(name, estimator.estimate(outcomes), value(outcomes), tolerance, scaleOf(outcomes)),
      ),
    })
  }
  if (k === 1 && symmetric) {
    laws.push({
      name: `${name} with k = 1 is the mean over samples`,
      property: fc.property(groups, (outcomes) => {
        const average = mean(outcomes.map((one) => value([one])))
        requireClose(name, estimator.estimate(outcomes), average, tolerance, scaleOf(outcomes))
      }),
    })
  }
  if (symmetric) {
    laws.push({
      name: `${name} does not depend on the order of samples`,
      property: fc.property(groups.chain(withPermutation), ({ outcomes, permuted }) =>
        requireClose(name, estimator.estimate(permuted), estimator.estimate(outcomes), tolerance, scaleOf(outcomes)),
      ),
    })
  }
  if (monotone) {
    laws.push({
      name: `${name} never falls when a sample improves`,
      property: fc.property(groups, outcome, fc.nat(), (outcomes, other, at) => {
        const i = at % outcomes.length
        const improved = outcomes.map((o, j) =>
          j !== i ? o : { ...outcomes[i]!, reward: Math.max(outcomes[i]!.reward, other.reward) },
        )
        const slack = tolerance * Math.max(1, scaleOf(outcomes), scaleOf(improved))
        return estimator.estimate(improved) >= estimator.estimate(outcomes) - slack
      }),
    })
  }
  return laws
}

/** A group with one of its reorderings and where each member went. */
export const withPermutation = (
  outcomes: readonly ScoredOutcome[],
): fc.Arbitrary<{ outcomes: readonly ScoredOutcome[]; permuted: ScoredOutcome[]; order: number[] }> =>
  fc
    .shuffledSubarray(
      outcomes.map((_, i) => i),
      { minLength: outcomes.length },
    )
    .map((order) => ({ outcomes, order, permuted: order.map((i) => outcomes[i]!) }))
