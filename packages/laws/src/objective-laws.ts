import fc from 'fast-check'
import type { Objective } from '@posttrain/core'
import { requireClose, requireThat, throwsCode } from './assertions.js'
import { exactGradient, expectedStep } from './enumerate.js'
import { enumerable, estimatorLaws, scaleOf, withPermutation } from './estimator-laws.js'
import type { EstimatorClaims } from './estimator-laws.js'
import type { Law } from './law.js'

/** What an objective claims beside what every estimator does. */
export interface ObjectiveClaims extends EstimatorClaims {
  /** False if advantages are meant to differ from 0 where all samples turn out alike (default true). */
  readonly vanishes?: boolean | undefined
}

/**
 * The laws of an objective: those of its estimate, and that Σᵢ Aᵢ·∇log π(yᵢ) is on average the exactly differentiated
 * objective, for a softmax policy over a few outcomes and every group size from `minimumSamples`.
 *
 * @param objective any implementation of the contract in core
 * @param claims its value on exactly k samples, and the outcomes it accepts
 * @returns named fast-check properties
 */
export function objectiveLaws(objective: Objective, claims: ObjectiveClaims): Law[] {
  const { name, k, minimumSamples } = objective
  const { value, outcome, vanishes = true, tolerance = 1e-10 } = claims
  const groups = fc.array(outcome, { minLength: minimumSamples, maxLength: minimumSamples + 3 })
  const laws: Law[] = [
    ...estimatorLaws(objective, claims),
    {
      name: `${name} advantages give its gradient`,
      property: fc.property(enumerable(outcome, minimumSamples), ({ policy, n }) => {
        const step = expectedStep(policy, n, (outcomes) => objective.advantages(outcomes))
        const gradient = exactGradient(policy, k, value)
        const scale = k * scaleOf(policy.outcomes)
        gradient.forEach((truth, a) =>
          requireClose(
            `the expected step of ${name} from ${n} samples in logit ${a}`,
            step[a]!,
            truth,
            tolerance,
            scale,
          ),
        )
      }),
    },
    {
      name: `${name} advantages move with their samples`,
      property: fc.property(groups.chain(withPermutation), ({ outcomes, permuted, order }) => {
        const here = objective.advantages(outcomes)
        const there = objective.advantages(permuted)
        requireThat(here.length === outcomes.length, () => `${here.length} advantages for ${outcomes.length} samples`)
        order.forEach((i, j) => requireClose(`advantage ${i}`, there[j]!, here[i]!, tolerance, scaleOf(outcomes)))
      }),
    },
    {
      name: `${name} advantages refuse fewer than ${minimumSamples} samples`,
      property: fc.property(fc.array(outcome, { maxLength: minimumSamples - 1 }), (outcomes) =>
        throwsCode('invalid-argument', () => objective.advantages(outcomes)),
      ),
    },
  ]
  const { estimateCounts } = objective
  if (estimateCounts) {
    laws.push({
      name: `${name} of counts is that of as many verdicts`,
      property: fc.property(fc.nat({ max: 6 }), fc.nat({ max: 6 }), (c, wrong) => {
        fc.pre(c + wrong >= k)
        const verdicts = Array.from({ length: c + wrong }, (_, i) => Number(i < c))
        const outcomes = verdicts.map((reward) => ({ kind: 'scored' as const, reward }))
        requireClose(`${name} of counts`, estimateCounts(c + wrong, c), objective.estimate(outcomes), tolerance, 1)
      }),
    })
  }
  if (vanishes) {
    laws.push({
      name: `${name} advantages are exactly 0 where all samples are alike`,
      property: fc.property(outcome, fc.nat({ max: 5 }), (only, extra) =>
        objective.advantages(new Array(minimumSamples + extra).fill(only)).every((advantage) => advantage === 0),
      ),
    })
  }
  return laws
}
