import { invalidArgument, mean, requireEnoughSamples, requireInteger, scoredGroup } from '@posttrain/core'
import type { Estimate, Group, ObjectiveProcedure } from '@posttrain/core'
import {
  bestOfNObjective,
  curveSizes,
  meanEstimate,
  pairedDifference,
  type PairedDifference,
} from '@posttrain/estimators'
import { askEstimate } from '../ask-estimate.js'
import { requireBy } from '../checks/require-functions.js'
import { requireGroup } from '../require-group.js'
import { bestOf, type BestOfOptions } from './best-of.js'

/** A choice of the best, and on what it is tried before it is deployed. */
export interface GuardedBestOfOptions extends BestOfOptions {
  /**
   * Groups of at least n samples each, with the reward that counts and `parts[by.name]`: what `evaluate` of `bestOf`
   * hands to `onGroup`.
   */
  readonly calibration: readonly Group[]
  /** Nominal coverage of the intervals (default 0.95). */
  readonly level?: number | undefined
}

/** What choosing by more and more samples is worth. */
export interface BestOfGuard {
  /** The n that was asked for. */
  readonly asked: number
  /** The n that is deployed. */
  readonly chosen: number
  /** What the choice is worth by the reward that counts, for n = 1, 2, 4 … and the n asked for. */
  readonly gold: readonly { readonly n: number; readonly estimate: Estimate }[]
  /** How much less the n asked for is worth than the chosen one, with its interval over tasks. */
  readonly difference: PairedDifference
}

/** A best-of-N that is no wider than was seen to be of use. */
export interface GuardedBestOf extends ObjectiveProcedure {
  readonly guard: BestOfGuard
}

/**
 * Best-of-N with a guard against over-optimisation: the more samples a proxy chooses from, the better it is at finding
 * what it is wrong about, and the reward that counts may fall (Gao et al. 2022, https://arxiv.org/abs/2210.10760). So
 * every n = 1, 2, 4 … up to the one asked for is estimated without bias on calibration groups, and the one that is
 * worth most by the reward that counts is deployed, the narrowest of equals.
 *
 * The value of the chosen n is a maximum, and so a little too high on the groups it was chosen on: evaluate it on
 * others. A fall that `difference` does not show with certainty may be chance; the narrower n is cheaper then.
 *
 * @returns `bestOf` of the chosen n, with what the guard saw
 * @throws PosttrainError `invalid-argument` as `bestOf`, for fewer than two groups or fewer samples than n;
 *   `invalid-data` for outcomes without the part
 * @example
 * ```ts
 * const by: RewardFunction = {
 *   name: 'model',
 *   score: async (_, samples) => samples.map(({ index }) => ({ kind: 'scored', reward: index })),
 * }
 * const sample = { seed: 0, text: '', finish: 'stop' as const, usage: NO_USAGE }
 * // The model likes the last best, and it is wrong.
 * const calibration = ['a', 'b'].map((id) => ({
 *   task: { id, prompt: '?' },
 *   samples: [0, 1, 2, 3].map((index) => ({ ...sample, id, taskId: id, index })),
 *   outcomes: [0, 0.5, 1, 0].map((reward, model) => ({ kind: 'scored' as const, reward, parts: { model } })),
 * }))
 * const { name, guard } = guardedBestOf({ n: 4, by, calibration })
 * name // => 'best-of-2 by model'
 * guard.gold.map(({ n, estimate }) => [n, estimate.value]) // => [[1, 0.375], [2, 0.4167], [4, 0]]
 * ```
 */
export function guardedBestOf({ n, by, calibration, level }: GuardedBestOfOptions): GuardedBestOf {
  requireInteger('n', n, { min: 1 })
  requireBy('guardedBestOf', by)
  if (calibration.length < 2) {
    throw invalidArgument(`a guard needs at least 2 groups, but there are ${calibration.length}`, 'calibrate on more')
  }
  const tasks = calibration.map((group) => {
    requireGroup(group)
    requireEnoughSamples(`best-of-${n} on task ${group.task.id}`, n, group.samples.length)
    return scoredGroup(group, 'count-as-failure')
  })
  const points = [...new Set([...curveSizes(n), n])].map((size) => {
    const objective = bestOfNObjective({ n: size, by: by.name })
    return { n: size, values: tasks.map(({ task, outcomes }) => askEstimate(objective, task, outcomes)) }
  })
  const asked = points.at(-1)!
  const chosen = points.reduce((best, point) => (mean(point.values) > mean(best.values) + 1e-12 ? point : best))
  const estimateOf = (point: typeof asked): Estimate => {
    const entries = point.values.map((value, i) => {
      const { samples, outcomes } = calibration[i]!
      return { value, samples: samples.length, unscored: outcomes.filter(({ kind }) => kind === 'unscored').length }
    })
    return meanEstimate(entries, { name: `best-of-${point.n} by ${by.name}`, unscored: 'count-as-failure', level })
  }
  return {
    ...bestOf({ n: chosen.n, by }),
    guard: {
      asked: n,
      chosen: chosen.n,
      gold: points.map((point) => ({ n: point.n, estimate: estimateOf(point) })),
      difference: pairedDifference(chosen.values, asked.values, { level }),
    },
  }
}
