import type { Decision, Sample } from '@posttrain/core'

/**
 * What a decision answers as a sample under a key of its own; an abstention is an empty answer. The log-probs of a
 * chosen sample are none of the procedure's.
 */
export function decidedSample(
  { sample }: Decision,
  own: Pick<Sample, 'id' | 'taskId' | 'index' | 'seed' | 'usage'>,
): Sample {
  if (!sample) return { ...own, text: '', finish: 'stop' }
  const { logprobs: _, ...answered } = sample
  return { ...answered, ...own }
}
