import { scoreOf, sequenceOf, sum } from '@posttrain/core'
import type { CallOptions, Group, PolicySnapshot, Scorer } from '@posttrain/core'

/**
 * (samples): Σₜ KL(π ‖ base) of the next-token distributions along each completion, in nats. Over the policy's own
 * samples its mean is the divergence of completions, without the noise of which tokens were drawn.
 */
export async function divergences(
  policy: Scorer,
  base: PolicySnapshot,
  { task, samples }: Pick<Group, 'task' | 'samples'>,
  options: CallOptions = {},
): Promise<readonly number[]> {
  const sequences = samples.map((sample) => sequenceOf(task, sample))
  const scores = await policy.score(sequences, { scores: ['klToReference'], reference: base }, options)
  return scores.map((one) => sum(scoreOf(one, 'klToReference')))
}
