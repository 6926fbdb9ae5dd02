import { mean, requireFinite, requireInteger, type Estimate, type Group } from '@posttrain/core'
import { meanEstimate, scoreInterval, type TaskValue } from '@posttrain/estimators'
import { scoredBy, type ScoredSamples } from './scored-by.js'

/** An answer that is given to several tasks. */
export interface ConstantAnswer {
  /** Its key as the reward reads it, or the text itself of samples without one. */
  readonly answer: string
  /** Share of samples that give it, a mean over all tasks. */
  readonly share: Estimate
  /** Share of those samples that are rewarded, a mean over the tasks where it is given. */
  readonly rewarded: Estimate
  /**
   * The share of these tasks on which it may be right: those that have one and the same reference, or whose references
   * hold the answer, whichever are more. Absent where a task has no reference.
   */
  readonly explained: number | undefined
  /** Whether the interval of `rewarded`, widened for all answers looked at, lies above `explained`. */
  readonly suspect: boolean
}

/** What is looked at. */
export interface ConstantAnswerOptions {
  /** `reward` (default), or a part of that name. */
  readonly score?: string | undefined
  /** A score from here on counts as rewarded (default 0.5). */
  readonly threshold?: number | undefined
  /** How many answers, those given to most tasks (default 5). */
  readonly most?: number | undefined
  /** Coverage of the intervals (default 0.95). */
  readonly level?: number | undefined
}

/** What a task says of an answer. */
interface GivenTo {
  readonly task: ScoredSamples
  /** Of each sample that gives it. */
  readonly rewarded: readonly number[]
}

/**
 * Answers that are given to many tasks, and whether they are rewarded more often than one answer can be right.
 *
 * A policy that has found what a verifier takes for right says it everywhere: an empty box, a program that exits. Where
 * tasks have references, an answer is right under one of them, or under those that hold it, as worked solutions do;
 * `explained` is the most that this allows. References of one value that are written differently and do not hold the
 * answer, 0.5 and 1/2, count as different: write them canonically. Because only the answers given to most
 * tasks are looked at, `share` is that of answers chosen for being common, and too high for what a new sample would
 * show.
 *
 * @param groups one per task
 * @returns by the number of tasks, most first; answers that one task alone has are left out
 * @throws PosttrainError `invalid-data` for a part that is missing
 * @example
 * ```ts
 * const sample = { id: 'a', taskId: 'a', seed: 0, index: 0, text: 'so {}', finish: 'stop', usage: NO_USAGE } as const
 * const groups = Array.from({ length: 20 }, (_, i) => ({
 *   task: { id: `${i}`, prompt: '', reference: `${i}` },
 *   samples: [sample],
 *   outcomes: [{ kind: 'scored', reward: 1 } as const],
 * }))
 * const [empty] = constantAnswers(groups)
 * empty.explained // => 0.05
 * empty.suspect // => true
 * ```
 */
export function constantAnswers(
  groups: Iterable<Group>,
  options: ConstantAnswerOptions = {},
): readonly ConstantAnswer[] {
  const { score = 'reward', threshold = 0.5, most = 5, level = 0.95 } = options
  requireFinite('threshold', threshold)
  requireInteger('most', most, { min: 1 })
  const tasks = Array.from(groups, (group) => scoredBy(group, [score])).filter(({ samples }) => samples.length > 0)
  const unscored = tasks.reduce((total, task) => total + task.unscored, 0)
  const chosen = [...givenAnswers(tasks, threshold)]
    .filter(([, given]) => given.length > 1)
    .sort(([, a], [, b]) => b.length - a.length)
    .slice(0, most)
  return chosen.map(([answer, given]) => {
    const counts = new Map(given.map(({ task, rewarded }) => [task, rewarded.length]))
    const share = tasks.map((task) => valueOf((counts.get(task) ?? 0) / task.samples.length, task.samples.length))
    const rates = given.map(({ rewarded }) => valueOf(mean(rewarded), rewarded.length))
    const explained = explainedShare(
      answer,
      given.map(({ task }) => task.task.reference),
    )
    const { lower } = scoreInterval(
      Float64Array.from(rates, ({ value }) => value),
      {
        level: 1 - (1 - level) / chosen.length,
      },
    )
    const how = { level, unscored: 'exclude' } as const
    return {
      answer,
      share: { ...meanEstimate(share, { ...how, name: 'share of samples' }), unscored },
      rewarded: { ...meanEstimate(rates, { ...how, name: `share with ${score} ≥ ${threshold}` }), unscored },
      explained,
      suspect: explained !== undefined && lower > explained,
    }
  })
}

const valueOf = (value: number, samples: number): TaskValue => ({ value, samples })

function givenAnswers(tasks: readonly ScoredSamples[], threshold: number): ReadonlyMap<string, readonly GivenTo[]> {
  const given = new Map<string, GivenTo[]>()
  for (const task of tasks) {
    const own = new Map<string, number[]>()
    task.samples.forEach(({ text }, i) => {
      const answer = task.outcomes[i]!.answer ?? text.trim()
      const rewarded = Number(task.scores[0]![i]! >= threshold)
      entryOf(own, answer).push(rewarded)
    })
    for (const [answer, rewarded] of own) entryOf(given, answer).push({ task, rewarded })
  }
  return given
}

/** The list of a key, which is empty at first. */
function entryOf<T>(lists: Map<string, T[]>, key: string): T[] {
  const list = lists.get(key) ?? []
  lists.set(key, list)
  return list
}

/** Undefined where a reference is missing. */
function explainedShare(answer: string, references: readonly (string | undefined)[]): number | undefined {
  const counts = new Map<string, number>()
  let holding = 0
  for (const reference of references) {
    if (reference === undefined) return undefined
    counts.set(reference, (counts.get(reference) ?? 0) + 1)
    if (answer !== '' && reference.includes(answer)) holding++
  }
  return Math.max(holding, ...counts.values()) / references.length
}
