import { requireInteger } from '@posttrain/core'
import { ppoClipLoss, type PpoClipOptions } from '@posttrain/losses'
import type { Algorithm } from './algorithm.js'

/**
 * An algorithm's advantages in PPO's clipped surrogate, so that samples can be used more than once. The ratio of each
 * token stands for the product over all k samples that would be exact: the first update is the algorithm's own, later
 * ones are the usual approximation.
 *
 * @param options of the surrogate, and `epochs` over each batch (default 2)
 * @throws PosttrainError `invalid-argument` for options out of range
 * @example
 * ```ts
 * import { passAtKObjective } from '@posttrain/estimators'
 *
 * withPpoClip(policyGradient(passAtKObjective({ k: 4 }))).name // => 'pass@4 with ppo clip'
 * ```
 */
export const withPpoClip = (
  algorithm: Algorithm,
  { epochs = 2, ...clip }: PpoClipOptions & { readonly epochs?: number | undefined } = {},
): Algorithm => ({
  ...algorithm,
  name: `${algorithm.name} with ppo clip`,
  loss: ppoClipLoss(clip),
  flow: { ...algorithm.flow, epochs: requireInteger('epochs', epochs, { min: 1 }) },
})
