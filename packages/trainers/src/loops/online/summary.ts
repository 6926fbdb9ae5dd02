import { mean, sum, type LogprobProvenance, type Objective, type Sample } from '@posttrain/core'
import { askEstimate } from '@posttrain/sampling'
import type { TrainingGroup, UpdateReport } from './events.js'
import type { KnownLogprobs } from './known-logprobs.js'

/** The measurements of a step's samples. */
export function summarise(
  groups: readonly TrainingGroup[],
  objective: Objective,
  { old, reference }: KnownLogprobs,
): Pick<UpdateReport, 'reward' | 'objective' | 'solved' | 'entropy' | 'sampleEntropy' | 'kl' | 'informative'> {
  const logprobs = groups.flatMap(({ samples }, g) =>
    samples.flatMap(({ logprobs: recorded }, i): ArrayLike<number>[] => {
      const values = old?.[g]?.[i] ?? recorded?.values
      return values ? [values] : []
    }),
  )
  const ofSamples = logprobs.map((values) => sum(values))
  const tokens = logprobs.reduce((count, { length }) => count + length, 0)
  return {
    reward: mean(groups.flatMap(({ outcomes }) => outcomes.map(({ reward }) => reward))),
    objective: mean(groups.map(({ task, outcomes }) => askEstimate(objective, task, outcomes))),
    solved: mean(groups.map(({ outcomes }) => (outcomes.some(({ reward }) => reward > 0) ? 1 : 0))),
    entropy: -sum(ofSamples) / tokens,
    sampleEntropy: -mean(ofSamples),
    kl: reference && mean(reference.flat().map((values, i) => ofSamples[i]! - sum(values))),
    informative: mean(groups.flatMap(({ advantages }) => advantages.map((advantage) => (isZero(advantage) ? 0 : 1)))),
  }
}

/** Whether an advantage carries no gradient. */
export const isZero = (advantage: TrainingGroup['advantages'][number]): boolean =>
  typeof advantage === 'number' ? advantage === 0 : advantage.every((value) => value === 0)

/**
 * Most steps by which weights are ahead of those that drew the samples; undefined where one of the two is unknown or of
 * another lineage.
 */
export function stalenessOf(samples: readonly Sample[], { weights, step }: LogprobProvenance): number | undefined {
  let most = -Infinity
  for (const { logprobs } of samples) {
    const drawn = logprobs?.provenance
    if (step === undefined || drawn?.step === undefined || drawn.weights !== weights) return undefined
    most = Math.max(most, step - drawn.step)
  }
  return samples.length === 0 ? undefined : most
}
