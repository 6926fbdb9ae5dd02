import { PosttrainError, reasonOf, requireInteger, sum, unsupported } from '@posttrain/core'
import type { RewardFunction, Sampler } from '@posttrain/core'
import { collect } from './collect.js'
import type { Environment } from './environment.js'
import { EpisodeState } from './internal/episode-state.js'

/** How long episodes may become. */
export interface EnvironmentSamplerOptions {
  /** Turns of the model, at most; at least 1. */
  readonly maxTurns: number
  /**
   * Tokens of one turn, at most; at least 1 (default: what is left of the request's `maxTokens`, which is the
   * episode's).
   */
  readonly maxTokensPerTurn?: number | undefined
}

/**
 * An environment around a sampler is a sampler: a sample is a whole episode, of which the mask marks what the policy
 * chose. So tools and turns are evaluated, stored and trained like any other completion.
 *
 * All episodes of a call take their turns together, so that a local model has batches. An environment that throws makes
 * a failed sample, with what was drawn until then paid for in its usage.
 *
 * @returns a sampler of one provenance: weights that change within an episode are refused
 * @throws PosttrainError `invalid-argument` for limits below 1; `provenance-mismatch` for weights that change within an
 *   episode
 */
export function environmentSampler(
  inner: Sampler,
  environment: Environment,
  { maxTurns, maxTokensPerTurn }: EnvironmentSamplerOptions,
): Sampler {
  requireInteger('maxTurns', maxTurns, { min: 1 })
  if (maxTokensPerTurn !== undefined) requireInteger('maxTokensPerTurn', maxTokensPerTurn, { min: 1 })
  return {
    get provenance() {
      return inner.provenance
    },
    get topLogprobs() {
      return inner.topLogprobs
    },
    async *sample(requests, options) {
      const all = requests.flatMap((request) =>
        Array.from({ length: request.count }, (_, i) => new EpisodeState(request, (request.firstIndex ?? 0) + i)),
      )
      try {
        await Promise.all(all.map((state) => unlessItFails(environment, state, () => state.start(environment))))
        let live = all
        for (let turn = 0; live.length > 0; turn++) {
          for (const state of live) if (state.finished) yield state.finished
          live = live.filter(({ finished }) => !finished)
          if (live.length === 0) return
          const turns = await collect(
            inner,
            live.map((state) => state.request(turn, maxTokensPerTurn)),
            options,
          )
          const isLast = turn + 1 === maxTurns
          await Promise.all(
            live.map((state, i) => unlessItFails(environment, state, () => state.take(turns[i]![0]!, isLast))),
          )
        }
      } finally {
        await Promise.allSettled(all.map((state) => state.close()))
      }
    },
  }
}

/** What the environment throws is a reason outside the policy: the sample has failed. */
async function unlessItFails({ name }: Environment, state: EpisodeState, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (error instanceof PosttrainError) throw error
    state.fail(`${name}: ${reasonOf(error)}`)
  }
}

/**
 * The reward that an environment gave: the sum over a sample's `steps`, which its outcome keeps by place in the text.
 *
 * @example
 * ```ts
 * const sample = { id: 'a', taskId: 'a', index: 0, seed: 0, text: 'ab', finish: 'stop' as const, usage: NO_USAGE }
 * const steps = [{ end: 1, reward: 0.25 }, { end: 2, reward: 0.5 }]
 * const [outcome] = await environmentReward.score({ id: 'a', prompt: '' }, [{ ...sample, steps }])
 * outcome // => { kind: 'scored', reward: 0.75, steps: [{ end: 1, reward: 0.25 }, { end: 2, reward: 0.5 }] }
 * ```
 */
export const environmentReward: RewardFunction = {
  name: 'environment',
  async score(_, samples) {
    return samples.map(({ steps, index, id }) => {
      if (!steps) throw unsupported(`sample ${index} of ${id} has no steps`, 'sample from an environmentSampler')
      return { kind: 'scored', reward: sum(steps.map(({ reward }) => reward)), steps }
    })
  },
}
