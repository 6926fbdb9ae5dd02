import type { Objective, ScoredOutcome } from '@posttrain/core'
import type { TrainingGroup, TrainingStep } from './events.js'

/** The measurements of a step's samples. */
export function summarise(
  groups: readonly TrainingGroup[],
  objective: Objective,
): Pick<TrainingStep, 'reward' | 'objective' | 'solved' | 'entropy' | 'kl' | 'informative' | 'tokens'> {
  const samples = groups.flatMap((group) => group.samples)
  const rewards = groups.flatMap((group) => group.outcomes.map((outcome) => outcome.reward))
  const logprobs = samples.flatMap((sample) => sample.logprobs?.values ?? [])
  const kl = klOf(groups)
  return {
    reward: mean(rewards),
    objective: mean(groups.map(({ outcomes }) => estimateOf(objective, outcomes))),
    solved: mean(groups.map((group) => (group.outcomes.some((outcome) => outcome.reward > 0) ? 1 : 0))),
    entropy: -mean(logprobs),
    ...(kl === undefined ? {} : { kl }),
    informative: mean(groups.flatMap((group) => group.advantages.map((advantage) => (isNothing(advantage) ? 0 : 1)))),
    tokens: samples.reduce((sum, { usage }) => sum + usage.promptTokens + usage.completionTokens, 0),
  }
}

/** The objective's estimate; of a single sample, from which no advantage could be formed, what it decides by itself. */
const estimateOf = (objective: Objective, outcomes: readonly ScoredOutcome[]): number =>
  outcomes.length === 1 && objective.k === 1 ? outcomes[0]!.reward : objective.estimate(outcomes)

/** k1 per sequence, where log-probs of the policy and of the reference are known. */
function klOf(groups: readonly TrainingGroup[]): number | undefined {
  const terms = groups.flatMap(({ samples, referenceLogprobs }) =>
    samples.flatMap(({ logprobs }, i) => {
      const reference = referenceLogprobs?.[i]
      return logprobs && reference ? [total(logprobs.values) - total(reference)] : []
    }),
  )
  return terms.length === 0 ? undefined : mean(terms)
}

const isNothing = (advantage: TrainingGroup['advantages'][number]): boolean =>
  typeof advantage === 'number' ? advantage === 0 : advantage.every((value) => value === 0)

const total = (values: ArrayLike<number>): number => Array.from(values).reduce((sum, value) => sum + value, 0)

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
