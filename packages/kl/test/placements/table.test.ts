import { describe, expect, it } from 'vitest'
import { both, describeGradient, inLoss, inReward, ratioWeighted, type KlPlacement } from '@posttrain/kl'
import { expectedGradient, logprobsOf, scoresOf, sequencePolicy } from '../sequence-policy.js'

/** A policy over single outcomes, as logits; a sequence of one token. */
const single = (probabilities: readonly number[]) =>
  sequencePolicy(probabilities.length, 1, probabilities.map(Math.log))

/** E over fresh samples of what a placement contributes, in the logits. */
function onPolicy(placement: KlPlacement, p: readonly number[], q: readonly number[]): number[] {
  const [policy, reference] = [single(p), single(q)]
  const gradient = expectedGradient(policy, reference, policy, (sequence) => {
    const constants = {
      referenceLogprob: logprobsOf(reference, sequence),
      rolloutLogprob: logprobsOf(policy, sequence),
    }
    return placement.contribution(scoresOf(policy, reference, sequence), constants, 1).cotangents
  })
  return [...gradient]
}

const row1 = [
  [0.4, 0.3, 0.2, 0.1],
  [0.1, 0.2, 0.3, 0.4],
] as const
const row3 = [
  [0.6, 0.3, 0.1],
  [0.3, 0.3, 0.4],
] as const
const exact = [0.371944, -0.015291, -0.17238, -0.184273]

/** The expected gradients of the literature's placements on the first pair of distributions, to the digits printed. */
const table: readonly [string, KlPlacement, readonly number[], string][] = [
  ['k1 in loss', inLoss({ value: 'k1', allowZeroGradient: true }), [0, 0, 0, 0], 'none'],
  ['k1 in reward', inReward({ value: 'k1' }), exact, 'reverse-KL exact'],
  ['k2 in loss', inLoss({ value: 'k2', level: 'sequence' }), exact, 'reverse-KL exact'],
  ['k2 in reward', inReward({ value: 'k2' }), [0.175741, -0.131806, -0.087871, 0.043935], 'biased'],
  ['k3 in loss', inLoss({ value: 'k3', level: 'sequence' }), [0.3, 0.1, -0.1, -0.3], 'forward-KL exact'],
  ['k3 in reward', inReward({ value: 'k3' }), [0.071944, -0.115291, -0.07238, 0.115727], 'biased'],
  ['k1 in both', both({ value: 'k1' }), exact, 'reverse-KL exact'],
  ['k3 in both', both({ value: 'k3' }), exact, 'reverse-KL exact'],
  ['k3 in both at half', both({ value: 'k3', each: 0.5 }), exact.map((g) => g / 2), '0.5 × reverse-KL exact'],
  ['ratio times k3', ratioWeighted({ value: 'k3', level: 'sequence' }), exact, 'reverse-KL exact'],
  ['ratio times k1', ratioWeighted({ value: 'k1', level: 'sequence' }), exact, 'reverse-KL exact'],
  [
    'k3 reported, k2 differentiated',
    inLoss({ value: 'k2', level: 'sequence', report: { value: 'k3' } }),
    exact,
    'reverse-KL exact',
  ],
  ['Rao–Blackwell in both', both({ value: 'rao-blackwell' }), exact, 'reverse-KL exact'],
]

describe('the table of placements, by enumeration', () => {
  it.each(table)('%s', (_, placement, printed, statement) => {
    onPolicy(placement, ...row1).forEach((g, i) => expect(g).toBeCloseTo(printed[i]!, 6))
    expect(describeGradient(placement.gradient)).toMatch(new RegExp(`^${statement}`))
  })

  it('k2 in both is not exact, unlike k1 and k3', () => {
    const gradient = onPolicy(both({ value: 'k2' }), ...row1)
    expect(Math.abs(gradient[0]! - exact[0]!)).toBeGreaterThan(0.1)
    expect(both({ value: 'k2' }).gradient.bias.kind).toBe('direction-changing')
  })

  it('has the asymmetric pair too', () => {
    const printed: readonly [KlPlacement, readonly number[]][] = [
      [inReward({ value: 'k1' }), [0.249533, -0.083178, -0.166355]],
      [inLoss({ value: 'k3' }), [0.3, 0, -0.3]],
      [inReward({ value: 'k3' }), [-0.050467, -0.083178, 0.133645]],
    ]
    for (const [placement, expected] of printed) {
      onPolicy(placement, ...row3).forEach((g, i) => expect(g).toBeCloseTo(expected[i]!, 6))
    }
    // It points uphill: against the true gradient on the likeliest outcome, and on the least likely one.
    expect(
      onPolicy(inReward({ value: 'k3' }), ...row3)[0]! * onPolicy(inReward({ value: 'k1' }), ...row3)[0]!,
    ).toBeLessThan(0)
  })
})
