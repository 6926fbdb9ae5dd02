import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { both, fromProbabilities, inLoss, inReward, klDivergence, ratioWeighted, totalVariation } from '@posttrain/kl'
import type { DivergenceMeant, KlPlacement } from '@posttrain/kl'
import { centralDifferences, expectation, expectedGradient, logprobsOf, prefixCount } from '../sequence-policy.js'
import { scoresOf, sequenceDistribution, sequencePolicy, type SequencePolicy } from '../sequence-policy.js'

const V = 2
const T = 3
const size = V * prefixCount(V, T)
const logits = fc.array(
  fc.integer({ min: -150, max: 150 }).map((x) => x / 100),
  { minLength: size, maxLength: size },
)

const values = ['k1', 'k2', 'k3', 'abs', 'rao-blackwell'] as const
const levels = ['token', 'sequence'] as const
const placements: readonly KlPlacement[] = values.flatMap((value) =>
  levels.flatMap((level) => [
    inReward({ value, level }),
    inLoss({ value, level, allowZeroGradient: true }),
    both({ value, level }),
    both({ value, level, each: 0.25 }),
    ratioWeighted({ value, level }),
  ]),
)

/** E over samples of `sampler` of a placement's contribution, in the policy's logits. */
const stepOf = (placement: KlPlacement, policy: SequencePolicy, reference: SequencePolicy, sampler: SequencePolicy) =>
  expectedGradient(policy, reference, sampler, (s) => {
    const constants = { referenceLogprob: logprobsOf(reference, s), rolloutLogprob: logprobsOf(sampler, s) }
    return placement.contribution(scoresOf(policy, reference, s), constants, 1).cotangents
  })

const between = {
  'reverse-KL': klDivergence,
  'forward-KL': (p, q) => klDivergence(q, p),
  'total-variation': totalVariation,
} satisfies Record<DivergenceMeant['divergence'], typeof klDivergence>

/**
 * The gradient a statement names, by central differences: of sequences, or of next tokens at prefixes of a fixed
 * sampler.
 */
function gradientMeant(
  { divergence, level }: DivergenceMeant,
  policyLogits: readonly number[],
  reference: SequencePolicy,
  sampler: SequencePolicy,
): Float64Array {
  const sequenceLevel = (values: readonly number[]): number =>
    between[divergence](
      fromProbabilities(sequenceDistribution(sequencePolicy(V, T, values))),
      fromProbabilities(sequenceDistribution(reference)),
    )
  const tokenLevel = (values: readonly number[]): number => {
    const policy = sequencePolicy(V, T, values)
    return expectation(sampler, ({ prefixes }) =>
      prefixes.reduce((sum, row) => sum + between[divergence](policy.rows[row]!, reference.rows[row]!), 0),
    )
  }
  return centralDifferences(policyLogits, level === 'sequence' ? sequenceLevel : tokenLevel)
}

const distance = (a: Float64Array, b: Float64Array): number => Math.max(...a.map((x, i) => Math.abs(x - b[i]!)))

describe('what placements state about their gradients', () => {
  it.each(placements.map((placement) => [placement.name, placement] as const))('%s', (_, placement) => {
    let furthest = 0
    fc.assert(
      fc.property(logits, logits, logits, (a, b, c) => {
        const [policy, reference, other] = [a, b, c].map((x) => sequencePolicy(V, T, x)) as [
          SequencePolicy,
          SequencePolicy,
          SequencePolicy,
        ]
        // Total variation has a kink where two probabilities agree; differences are right only away from it.
        const apart = (p: Float64Array, q: Float64Array): boolean => p.every((x, i) => Math.abs(x - q[i]!) > 1e-3)
        if (placement.name.includes('abs')) {
          fc.pre(apart(sequenceDistribution(policy), sequenceDistribution(reference)))
          fc.pre(policy.rows.every((row, i) => apart(row.probabilities, reference.rows[i]!.probabilities)))
        }
        for (const [statement, sampler] of [
          [placement.gradient, policy],
          [placement.offPolicyGradient, other],
        ] as const) {
          const step = stepOf(placement, policy, reference, sampler)
          const { bias, of } = statement
          if (bias.kind === 'direction-changing') {
            // What is meant is the KL of the policy's own sequences, whoever drew the samples.
            expect(of).toEqual({ divergence: 'reverse-KL', level: 'sequence' })
            furthest = Math.max(furthest, distance(step, gradientMeant(of, a, reference, policy)))
            continue
          }
          const factor = bias.kind === 'exact' ? 1 : bias.factor
          if (factor === 0) expect(Math.max(...step.map(Math.abs))).toBeLessThan(1e-12)
          const stated = gradientMeant(of, a, reference, sampler).map((g) => factor * g)
          // Central differences err by (1e-5)² times a third derivative, and by rounding of 1e-16/1e-5.
          expect(distance(step, stated)).toBeLessThan(1e-7)
        }
      }),
      { numRuns: 12, seed: 7 },
    )
    // What is called biased must be seen to be.
    const stated = [placement.gradient, placement.offPolicyGradient]
    const biased = stated.some(({ bias }) => bias.kind === 'direction-changing')
    expect(furthest > 0.05).toBe(biased)
  })

  it.each(placements.map((placement) => [placement.name, placement] as const))(
    '%s uses the scores and constants it asks for, and no others',
    (_, { differentiates, reads, contribution }) => {
      const scores = { logprob: Float64Array.of(-1, -2), klToReference: Float64Array.of(0.1, 0.2) }
      const constants = { referenceLogprob: [-1.5, -1.2], rolloutLogprob: [-1.1, -1.9] }
      const pick = <T extends object>(of: T, names: readonly string[]): Partial<T> =>
        Object.fromEntries(Object.entries(of).filter(([name]) => names.includes(name))) as Partial<T>
      const whole = contribution(scores, constants, 0.5)
      expect(contribution(pick(scores, differentiates), pick(constants, reads), 0.5)).toEqual(whole)
      expect(Object.keys(whole.cotangents).every((name) => (differentiates as readonly string[]).includes(name))).toBe(
        true,
      )
      for (const missing of reads) {
        const rest = reads.filter((name) => name !== missing)
        expect(() => contribution(scores, pick(constants, rest), 0.5)).toThrow(`the constant ${missing} is missing`)
      }
    },
  )

  it('ask for next-token KLs where they are Rao–Blackwellised, and then for no log-probs of the reference', () => {
    const rb = { value: 'rao-blackwell' } as const
    const asks = ({ differentiates, reads }: KlPlacement) => [differentiates, reads]
    expect(asks(inLoss(rb))).toEqual([['klToReference'], []])
    expect(asks(inLoss({ ...rb, report: { value: 'k3' } }))).toEqual([
      ['klToReference', 'logprob'],
      ['referenceLogprob'],
    ])
    expect(asks(inReward(rb))).toEqual([['logprob', 'klToReference'], []])
    expect(asks(both(rb))).toEqual([['logprob', 'klToReference'], []])
    expect(asks(ratioWeighted(rb))).toEqual([['logprob', 'klToReference'], ['rolloutLogprob']])
    expect(asks(inLoss({ value: 'k3' }))).toEqual([['logprob'], ['referenceLogprob']])
    expect(asks(ratioWeighted({ value: 'k3' }))).toEqual([['logprob'], ['referenceLogprob', 'rolloutLogprob']])
  })

  it('reports the same gradient in parts: rewards by REINFORCE plus what is left to differentiate', () => {
    fc.assert(
      fc.property(logits, logits, fc.constantFrom(...placements), (a, b, placement) => {
        const [policy, reference] = [sequencePolicy(V, T, a), sequencePolicy(V, T, b)]
        const inParts = expectedGradient(policy, reference, policy, (s) => {
          const constants = { referenceLogprob: logprobsOf(reference, s), rolloutLogprob: logprobsOf(policy, s) }
          const { rewards, lossCotangents } = placement.contribution(scoresOf(policy, reference, s), constants, 1)
          const whole = rewards.reduce((x, y) => x + y, 0)
          const logprob = rewards.map((_, t) => (lossCotangents.logprob?.[t] ?? 0) - whole)
          return { ...lossCotangents, logprob }
        })
        expect(distance(inParts, stepOf(placement, policy, reference, policy))).toBeLessThan(1e-11)
      }),
    )
  })

  it('reports values whose mean is the KL for k1, k3 and rao-blackwell, wherever they are placed', () => {
    fc.assert(
      fc.property(logits, logits, fc.constantFrom(...levels), (a, b, level) => {
        const [policy, reference] = [sequencePolicy(V, T, a), sequencePolicy(V, T, b)]
        const kl = klDivergence(
          fromProbabilities(sequenceDistribution(policy)),
          fromProbabilities(sequenceDistribution(reference)),
        )
        for (const value of ['k1', 'k3', 'rao-blackwell'] as const) {
          for (const placement of [
            inReward({ value, level }),
            both({ value, level }),
            ratioWeighted({ value, level }),
          ]) {
            const mean = expectation(policy, (s) => {
              const constants = { referenceLogprob: logprobsOf(reference, s), rolloutLogprob: logprobsOf(policy, s) }
              return placement.contribution(scoresOf(policy, reference, s), constants, 0.1).value
            })
            expect(Math.abs(mean - kl)).toBeLessThan(1e-11)
          }
        }
      }),
    )
  })
})
