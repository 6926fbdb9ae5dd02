import { chosenCount, described, invalidData, scoreOf, sequenceOf, shown, sum } from '@posttrain/core'
import type { Outcome, RewardFunction, Sample, Scorer, Task, TokenScores } from '@posttrain/core'
import { requireFunctions } from './checks/require-functions.js'

/**
 * The self-certainty of a sample by a scorer, for instance the policy that drew it: the mean over its chosen tokens of
 * KL(uniform ‖ p) = −(1/V)·Σⱼ log(V·pⱼ) of the next-token distribution, greater where that is more peaked (Kang et al.
 * 2025, https://arxiv.org/abs/2502.18581). With `weigh: bordaWeights(p)` it makes `weightedMajorityVote` the Borda vote
 * of that paper.
 *
 * @param scorer of the samples' own vocabulary that has the score `selfCertainty`, as `TransformerPolicy` and
 *   `TabularPolicy` of `@posttrain/models` do
 * @returns a reward named `self-certainty`, in nats; a sample without tokens, or of which none was chosen, is unscored
 * @throws PosttrainError `invalid-argument` for anything but a scorer; the reward `invalid-data` for one that gives
 *   anything but a finite self-certainty for each token
 * @example
 * ```ts
 * const scorer = {
 *   score: async (sequences: readonly unknown[]) => sequences.map(() => ({ selfCertainty: Float64Array.of(1, 2) })),
 * }
 * const usage = { promptTokens: 1, completionTokens: 2 }
 * const own = { id: 'a', taskId: 'a', seed: 0, text: 'so', finish: 'stop' as const, usage }
 * const samples: Sample[] = [{ ...own, index: 0, tokens: [5, 6] }]
 * const reward = selfCertaintyReward(scorer)
 * await reward.score({ id: 'a', prompt: '?' }, samples) // => [{ kind: 'scored', reward: 1.5 }]
 * ```
 */
export function selfCertaintyReward(scorer: Pick<Scorer, 'score'>): RewardFunction {
  requireFunctions('selfCertaintyReward', { 'scorer.score': (scorer as Partial<Scorer> | undefined)?.score })
  return {
    name: 'self-certainty',
    async score(task, samples, { signal } = {}) {
      const outcomes = samples.map(unscored)
      const readable = samples.flatMap((sample, i) => (outcomes[i] === undefined ? [{ sample, i }] : []))
      if (readable.length > 0) {
        const sequences = readable.map(({ sample }) => sequenceOf(task, sample))
        const scores: unknown = await scorer.score(sequences, { scores: ['selfCertainty'] }, { signal })
        requireAll(scores, readable.length, task)
        for (const [place, { sample, i }] of readable.entries()) outcomes[i] = outcomeOf(scores[place]!, sample)
      }
      return outcomes as readonly Outcome[]
    },
  }
}

function unscored(sample: Sample): Outcome | undefined {
  if (!sample.tokens) return { kind: 'unscored', reason: 'the sample carries no tokens' }
  return chosenCount(sample) === 0 ? { kind: 'unscored', reason: 'no token of the sample was chosen' } : undefined
}

function requireAll(scores: unknown, count: number, task: Task): asserts scores is readonly TokenScores[] {
  if (Array.isArray(scores) && scores.length === count) return
  const found = Array.isArray(scores) ? `scores of ${scores.length}` : described(scores)
  throw invalidData(`the scorer gave ${found} for ${count} samples of task ${shown(task.id)}`)
}

function outcomeOf(scores: TokenScores, sample: Sample): Outcome {
  const values = scoreOf(scores, 'selfCertainty')
  const count = chosenCount(sample)
  if (values.length === count && values.every(Number.isFinite)) return { kind: 'scored', reward: sum(values) / count }
  const found = values.length === count ? 'one that is not finite' : `${values.length} of them`
  const where = `sample ${sample.index} of task ${shown(sample.taskId)}`
  throw invalidData(`the scorer gave ${found} as self-certainties of the ${count} chosen tokens of ${where}`)
}
