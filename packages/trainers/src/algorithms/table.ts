import { invalidArgument } from '@posttrain/core'
import { majorityObjective, maxAtKObjective, meanObjective, passAtKObjective } from '@posttrain/estimators'
import type { ReferenceRewards } from '../rewards/reference-rewards.js'
import type { Algorithm } from './algorithm.js'
import { bondBackward } from './bond-backward.js'
import { infAlign } from './inf-align.js'
import { bestOfNAware, centred, passAtKTraining, standardised } from './inference-time.js'
import { klRegularised } from './kl-regularised.js'
import { cispo, dapo, drGrpo, grpo, gspo, opo, ppo, reinforce, reinforcePlusPlus, remax, rloo } from './mean-reward.js'
import { policyGradient } from './policy-gradient.js'
import { variationalBestOfN } from './variational-best-of-n.js'
import { withPpoClip } from './with-ppo-clip.js'

/** What rows may need to know of a run. */
export interface AlgorithmSettings {
  /** Longest completion in tokens. */
  readonly maxTokens: number
  /** Seed of rows that draw by themselves (default 0). */
  readonly seed?: number | undefined
  /**
   * For rows that rank rewards among those of the reference; without them such a row can be looked at, and a run is
   * refused.
   */
  readonly referenceRewards?: ReferenceRewards | undefined
}

/** Names of the table. */
export type AlgorithmName =
  | 'mean'
  | 'pass@K'
  | 'max@K'
  | 'maj@K'
  | 'reinforce'
  | 'rloo'
  | 'remax'
  | 'opo'
  | 'grpo'
  | 'dr-grpo'
  | 'dapo'
  | 'gspo'
  | 'cispo'
  | 'reinforce++'
  | 'ppo'
  | 'kl-rl'
  | 'vbon@K'
  | 'vbon-exact@K'
  | 'bond-backward@K'
  | 'infalign'
  | 'bon-aware@K'
  | 'pass-training@K'
  | 'pass-training-partition@K'
  | 'pass-training-bootstrap@K'
  | 'centred-pass@K'
  | 'standardised-pass@K'
  | 'ppo-pass@K'

/**
 * The named algorithms. Each is a composition that can be read where it is made; a name that ends in `@K` takes the
 * number of samples. `ibpo`, which needs to be told what is expensive, is a row of the same kind without a name here.
 */
export const algorithms: Readonly<
  Record<
    AlgorithmName,
    {
      /** One line for whoever chooses. */
      readonly summary: string
      /** The algorithm for a run; k is the number in its name, for rows whose name ends in `@K`. */
      readonly make: (settings: AlgorithmSettings & { readonly k: number }) => Algorithm
    }
  >
> = {
  mean: { summary: 'exact policy gradient of the mean reward', make: () => policyGradient(meanObjective()) },
  'pass@K': {
    summary: 'exact policy gradient of pass@k',
    make: ({ k }) => policyGradient(passAtKObjective({ k })),
  },
  'max@K': {
    summary: 'exact policy gradient of the best of k rewards',
    make: ({ k }) => policyGradient(maxAtKObjective({ k })),
  },
  'maj@K': {
    summary: 'exact policy gradient of the majority vote of k',
    make: ({ k }) => policyGradient(majorityObjective({ k })),
  },
  reinforce: { summary: 'no baseline', make: reinforce },
  rloo: { summary: 'leave-one-out baseline, KL in the reward', make: () => rloo({ klCoefficient: 0.03 }) },
  remax: { summary: 'greedy baseline', make: remax },
  opo: { summary: 'length-weighted baseline', make: opo },
  grpo: { summary: 'group-normalised, clipped, k3 in the loss', make: () => grpo() },
  'dr-grpo': { summary: 'grpo without its normalisations', make: drGrpo },
  dapo: { summary: 'clip-higher, token mean, dynamic sampling, overlong penalty', make: dapo },
  gspo: { summary: 'one clipped ratio per sequence', make: gspo },
  cispo: { summary: 'clipped ratios as constants, no token dropped', make: cispo },
  'reinforce++': { summary: 'returns whitened over the batch, KL in the reward', make: () => reinforcePlusPlus() },
  ppo: { summary: 'clipped surrogate with a critic', make: () => ppo() },
  'kl-rl': { summary: 'mean reward less 0.1 KL, exact', make: () => klRegularised({ klCoefficient: 0.1 }) },
  'vbon@K': {
    summary: 'variational best-of-N, lower bound',
    make: ({ k, referenceRewards }) => variationalBestOfN({ n: k, referenceRewards }),
  },
  'vbon-exact@K': {
    summary: 'variational best-of-N, exact',
    make: ({ k, referenceRewards }) => variationalBestOfN({ n: k, bound: 'exact', referenceRewards }),
  },
  'bond-backward@K': {
    summary: 'backward part of BOND',
    make: ({ k, referenceRewards }) => bondBackward({ n: k, referenceRewards }),
  },
  infalign: {
    summary: 'InfAlign for best-of-N: exp(10·calibrated reward) less 0.1 KL',
    make: ({ referenceRewards }) => infAlign({ referenceRewards, t: 10, klCoefficient: 0.1 }),
  },
  'bon-aware@K': {
    summary: 'best-of-N aware (BoN-RLB), failure rate estimated: biased',
    make: ({ k }) => bestOfNAware({ n: k }),
  },
  'pass-training@K': { summary: 'analytic Pass@k Training: biased', make: ({ k }) => passAtKTraining({ k }) },
  'pass-training-partition@K': {
    summary: 'Pass@k Training on groups of k: biased',
    make: ({ k }) => passAtKTraining({ k, form: 'partition' }),
  },
  'pass-training-bootstrap@K': {
    summary: 'Pass@k Training on random groups of k: biased',
    make: ({ k, seed = 0 }) => passAtKTraining({ k, form: { bootstrapSeed: seed } }),
  },
  'centred-pass@K': {
    summary: 'pass@k, advantages centred on the group: biased',
    make: ({ k }) => centred(passAtKObjective({ k })),
  },
  'standardised-pass@K': {
    summary: 'pass@k, advantages divided by the deviation of rewards: biased',
    make: ({ k }) => standardised(passAtKObjective({ k })),
  },
  'ppo-pass@K': {
    summary: 'pass@k inside the clipped surrogate, two epochs',
    make: ({ k }) => withPpoClip(policyGradient(passAtKObjective({ k }))),
  },
}

/**
 * The row a name stands for, and its K.
 *
 * @throws PosttrainError `invalid-argument` naming the accepted forms
 * @example
 * ```ts
 * findAlgorithm('vbon@8').k // => 8
 * ```
 */
export function findAlgorithm(text: string): { readonly row: (typeof algorithms)[AlgorithmName]; readonly k: number } {
  const [, family = text, digits] = /^(.+)@([1-9]\d{0,8})$/.exec(text) ?? []
  const name = digits === undefined ? text : `${family}@K`
  if (Object.hasOwn(algorithms, name)) return { row: algorithms[name as AlgorithmName], k: Number(digits ?? 1) }
  throw invalidArgument(
    `the algorithm '${text}' is unknown`,
    `use ${Object.keys(algorithms).join(', ')}, with a number for K`,
  )
}

/**
 * The algorithm a name stands for.
 *
 * @param text a key of `algorithms`, with a number for K
 * @throws PosttrainError `invalid-argument` naming the accepted forms
 * @example
 * ```ts
 * parseAlgorithm('pass@8', { maxTokens: 16 }).objective.name // => 'pass@8'
 * ```
 */
export function parseAlgorithm(text: string, settings: AlgorithmSettings): Algorithm {
  const { row, k } = findAlgorithm(text)
  return row.make({ ...settings, k })
}
