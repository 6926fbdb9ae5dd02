import { sequencePolicy } from './sequence-policy.js'

/**
 * The two-token example of the Rao–Blackwell comparison: p₁ = (.6, .4), p₂|0 = (.7, .3), p₂|1 = (.2, .8) against q₁ =
 * (.5, .5), q₂|0 = (.4, .6), q₂|1 = (.5, .5).
 */
export const twoTokens = {
  policyLogits: [0.6, 0.4, 0.7, 0.3, 0.2, 0.8].map(Math.log),
  policy: sequencePolicy(2, 2, [0.6, 0.4, 0.7, 0.3, 0.2, 0.8].map(Math.log)),
  reference: sequencePolicy(2, 2, [0.5, 0.5, 0.4, 0.6, 0.5, 0.5].map(Math.log)),
}
