import { invalidArgument, invalidData, shown, type Group } from '@posttrain/core'
import {
  countPatterns,
  patternShares,
  shiftShare,
  type Effect,
  type PatternShare,
  type ShiftShare,
} from '@posttrain/estimators'
import type { PatternClassifier } from './classify.js'
import { labelledTasks, type LabelledSample } from './labelled-tasks.js'
import { meanRankingChange, type RanksOf } from './mean-ranking-change.js'
import { namedRegime, type NamedRegime } from './named-regime.js'

/** How patterns are measured. */
export interface PatternSelectionOptions {
  readonly classify: PatternClassifier
  /** For the ranking-change ratio, which is not measured without it. */
  readonly ranksOf?: RanksOf | undefined
  /** Nominal coverage of the intervals, on (0, 1) (default 0.95). */
  readonly level?: number | undefined
  /** Of the resamples behind `regime.support` (default 0). */
  readonly seed?: number | undefined
}

/** What training did to the patterns of a model. */
export interface PatternSelection {
  /** Tasks with scored samples on both sides, and those that lack them on one. */
  readonly tasks: number
  readonly tasksLeftOut: number
  /** Samples that failed or have no score. */
  readonly unscored: { readonly before: number; readonly after: number }
  /** The most frequent pattern first. */
  readonly before: readonly PatternShare[]
  readonly after: readonly PatternShare[]
  /** Seen after training alone. */
  readonly newPatterns: readonly string[]
  readonly split: ShiftShare
  /** As the theory predicts it from the samples before training. */
  readonly regime: NamedRegime
  /** Mean over tasks of that over responses; absent without `ranksOf`. */
  readonly rankingChange: Effect | undefined
}

/**
 * What training did to the patterns of a model, from samples before and after it on the same tasks: shares, success,
 * the split of the change into selection and execution, and the regime that the base model was in.
 *
 * The theory is of one question; shares and successes here are means over tasks, so that the regime is that of the
 * mean task. Chen, Li & Zou 2025, https://arxiv.org/abs/2506.04695
 *
 * @param before groups of the base model; groups of one task are taken together
 * @param after groups of the trained model, of the same tasks
 * @throws PosttrainError `invalid-data` for a task of one side alone, or a classifier that fails; `invalid-argument`
 *   for fewer than two tasks with scored samples on both sides
 * @example
 * ```ts
 * const sampleOf = (text: string, index: number) =>
 *   ({ id: 'a', taskId: 'a', seed: 0, index, text, finish: 'stop', usage: NO_USAGE }) as const
 * const groupsOf = (...texts: string[]) => ['a', 'b'].map((id) => ({
 *   task: { id, prompt: id },
 *   samples: texts.map(sampleOf),
 *   outcomes: texts.map((text) => ({ kind: 'scored', reward: text === 'product' ? 1 : 0 }) as const),
 * }))
 * const [before, after] = [groupsOf('sum', 'sum', 'sum', 'product'), groupsOf('sum', 'product', 'product', 'product')]
 * const { split, regime } = measurePatternSelection(before, after, { classify: ({ text }) => text })
 * split.selection.value // => 0.5
 * regime.kind // => 'fast'
 * ```
 */
export function measurePatternSelection(
  before: readonly Group[],
  after: readonly Group[],
  { classify, ranksOf, level = 0.95, seed = 0 }: PatternSelectionOptions,
): PatternSelection {
  const ids = requireSameTasks(before, after)
  const [base, trained] = [labelledTasks(before, classify), labelledTasks(after, classify)]
  const both = ids.filter((id) => base.tasks.has(id) && trained.tasks.has(id))
  if (both.length < 2) {
    throw invalidArgument(
      `${both.length} of ${ids.length} tasks have scored samples before and after training`,
      'an interval over tasks needs at least two',
    )
  }
  const samplesOf = ({ tasks }: typeof base): (readonly LabelledSample[])[] => both.map((id) => tasks.get(id)!)
  const [from, to] = [samplesOf(base).map(countPatterns), samplesOf(trained).map(countPatterns)]
  const split = shiftShare(from, to, { level })
  return {
    tasks: both.length,
    tasksLeftOut: ids.length - both.length,
    unscored: { before: base.unscored, after: trained.unscored },
    before: patternShares(from, { level }),
    after: patternShares(to, { level }),
    newPatterns: split.patterns.flatMap(({ pattern, shareBefore }) =>
      shareBefore === 0 && pattern !== undefined ? [pattern] : [],
    ),
    split,
    regime: namedRegime(from, seed),
    rankingChange: ranksOf && meanRankingChange(samplesOf(trained), ranksOf, level),
  }
}

/** The ids of the tasks, which are those of both sides. */
function requireSameTasks(before: readonly Group[], after: readonly Group[]): readonly string[] {
  const [ids, others] = [before, after].map((groups) => new Set(groups.map(({ task }) => task.id)))
  const alone = [...ids!].find((id) => !others!.has(id)) ?? [...others!].find((id) => !ids!.has(id))
  if (alone === undefined) return [...ids!]
  const side = ids!.has(alone) ? 'before' : 'after'
  throw invalidData(`task ${shown(alone)} has samples ${side} training alone`, 'draw samples of the same tasks')
}
