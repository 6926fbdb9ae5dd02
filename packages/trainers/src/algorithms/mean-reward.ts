import { requireFinite, requireInteger } from '@posttrain/core'
import { grpoAdvantages, groupMeanAdvantages, meanObjective } from '@posttrain/estimators'
import { inLoss, inReward, type KlPlacement } from '@posttrain/kl'
import {
  clippedImportanceLoss,
  constantLength,
  policyGradientLoss,
  ppoClipLoss,
  sequenceMeanOfTokenMean,
  sequenceRatioClipLoss,
  sequenceSum,
  sumOfLosses,
  tokenMean,
  valueLoss,
} from '@posttrain/losses'
import { generalisedAdvantage } from '../advantages/generalised-advantage.js'
import { greedyBaseline } from '../advantages/greedy-baseline.js'
import { lengthWeightedBaseline } from '../advantages/length-weighted-baseline.js'
import { noBaseline } from '../advantages/no-baseline.js'
import { advantagesOf } from '../advantages/advantages-of.js'
import { whitenedReturns } from '../advantages/whitened-returns.js'
import { withOverlongPenalty } from '../rewards/overlong-penalty.js'
import type { Algorithm, KlPenalty } from './algorithm.js'
import { requireKlCoefficient } from './kl-coefficient.js'

const mean = meanObjective()

/** k1 credited to the reward: the reverse KL, exactly. */
const klInReward = (klCoefficient: KlPenalty['coefficient']): KlPenalty | undefined =>
  penalty(klCoefficient, inReward({ value: 'k1' }))

const penalty = (klCoefficient: KlPenalty['coefficient'], placement: KlPlacement): KlPenalty | undefined =>
  requireKlCoefficient(klCoefficient) === 0 ? undefined : { placement, coefficient: klCoefficient }

/** REINFORCE without a baseline, Williams 1992: exact. */
export const reinforce = (): Algorithm => ({
  name: 'reinforce',
  paper: 'https://doi.org/10.1007/BF00992696',
  objective: mean,
  advantages: noBaseline(),
  loss: policyGradientLoss(),
  aggregation: sequenceSum(),
})

/** REINFORCE with the mean of the other samples as baseline, Ahmadian et al. 2024: exact, the KL in the reward too. */
export const rloo = ({
  klCoefficient = 0,
}: {
  /** Of the KL penalty in the reward (default 0: none). */
  readonly klCoefficient?: KlPenalty['coefficient'] | undefined
} = {}): Algorithm => ({
  ...reinforce(),
  name: 'rloo',
  paper: 'https://arxiv.org/abs/2402.14740',
  advantages: advantagesOf(mean),
  kl: klInReward(klCoefficient),
})

/** REINFORCE with the reward of the greedy completion as baseline, Li et al. 2023: exact. */
export const remax = (): Algorithm => ({
  ...reinforce(),
  name: 'remax',
  paper: 'https://arxiv.org/abs/2310.10505',
  advantages: greedyBaseline(),
})

/** REINFORCE with a length-weighted baseline, Hao et al. 2025. */
export const opo = (): Algorithm => ({
  ...reinforce(),
  name: 'opo',
  paper: 'https://arxiv.org/abs/2505.23585',
  advantages: lengthWeightedBaseline(),
})

/** Group-normalised advantages in a clipped surrogate, with k3 in the loss, Shao et al. 2024. */
export const grpo = ({
  klCoefficient = 0.04,
}: {
  /** Of the KL penalty in the loss (default 0.04; 0: none). */
  readonly klCoefficient?: KlPenalty['coefficient'] | undefined
} = {}): Algorithm => ({
  name: 'grpo',
  paper: 'https://arxiv.org/abs/2402.03300',
  objective: mean,
  advantages: advantagesOf(grpoAdvantages()),
  loss: ppoClipLoss(),
  aggregation: sequenceMeanOfTokenMean(),
  kl: penalty(klCoefficient, inLoss({ value: 'k3' })),
})

/** GRPO without its two normalisations, Liu et al. 2025: (n−1)/n of the gradient, over the longest length. */
export const drGrpo = ({
  maxTokens,
}: {
  /** Longest completion allowed, in tokens: at least 1. */
  readonly maxTokens: number
}): Algorithm => ({
  ...grpo({ klCoefficient: 0 }),
  name: 'dr-grpo',
  paper: 'https://arxiv.org/abs/2503.20783',
  advantages: advantagesOf(groupMeanAdvantages()),
  aggregation: constantLength(requireInteger('maxTokens', maxTokens, { min: 1 })),
})

/**
 * GRPO with a higher upper clip, a mean over tokens, prompts drawn anew until they differ, and long answers punished,
 * Yu et al. 2025.
 */
export function dapo({
  maxTokens,
}: {
  /** Longest completion allowed, in tokens: at least 1. */
  readonly maxTokens: number
}): Algorithm {
  requireInteger('maxTokens', maxTokens, { min: 1 })
  const cache = Math.max(1, Math.floor(maxTokens / 5))
  return {
    ...grpo({ klCoefficient: 0 }),
    name: 'dapo',
    paper: 'https://arxiv.org/abs/2503.14476',
    transformReward: (reward) => withOverlongPenalty(reward, { maxTokens, cache }),
    loss: ppoClipLoss({ clipLow: 0.2, clipHigh: 0.28 }),
    aggregation: tokenMean(),
    flow: { dynamicSampling: 4 },
  }
}

/** GRPO with one ratio per sequence, Zheng et al. 2025. */
export const gspo = (): Algorithm => ({
  ...grpo({ klCoefficient: 0 }),
  name: 'gspo',
  paper: 'https://arxiv.org/abs/2507.18071',
  loss: sequenceRatioClipLoss({ clipLow: 3e-4, clipHigh: 4e-4 }),
})

/** GRPO with clipped, undifferentiated ratios that drop no token, MiniMax 2025. */
export const cispo = (): Algorithm => ({
  ...grpo({ klCoefficient: 0 }),
  name: 'cispo',
  paper: 'https://arxiv.org/abs/2506.13585',
  loss: clippedImportanceLoss(),
  aggregation: tokenMean(),
})

/** Token returns whitened over the batch in a clipped surrogate, the KL in the reward, Hu et al. 2025. */
export const reinforcePlusPlus = ({
  klCoefficient = 0.01,
}: {
  /** Of the KL penalty in the reward (default 0.01; 0: none). */
  readonly klCoefficient?: KlPenalty['coefficient'] | undefined
} = {}): Algorithm => ({
  name: 'reinforce++',
  paper: 'https://arxiv.org/abs/2501.03262',
  objective: mean,
  advantages: whitenedReturns(),
  loss: ppoClipLoss(),
  aggregation: tokenMean(),
  kl: klInReward(klCoefficient),
})

/** The clipped surrogate with a critic, Schulman et al. 2017; needs a policy with a value head. */
export const ppo = ({
  lambda = 0.95,
  valueCoefficient = 0.5,
  epochs = 4,
  klCoefficient = 0.05,
}: {
  /** Of the advantage estimate (default 0.95; 1 is unbiased). */
  readonly lambda?: number | undefined
  /** Weight of the value loss (default 0.5). */
  readonly valueCoefficient?: number | undefined
  /** Passes over a batch (default 4). */
  readonly epochs?: number | undefined
  /** Of the KL penalty in the reward (default 0.05; 0: none). */
  readonly klCoefficient?: KlPenalty['coefficient'] | undefined
} = {}): Algorithm => ({
  name: 'ppo',
  paper: 'https://arxiv.org/abs/1707.06347',
  objective: mean,
  advantages: generalisedAdvantage({ lambda }),
  loss: sumOfLosses([
    { loss: ppoClipLoss() },
    { loss: valueLoss(), coefficient: requireFinite('valueCoefficient', valueCoefficient, { min: 0 }) },
  ]),
  aggregation: tokenMean(),
  kl: klInReward(klCoefficient),
  flow: { epochs: requireInteger('epochs', epochs, { min: 1 }) },
})
