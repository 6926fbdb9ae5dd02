import { invalidArgument, requireInteger, type Group } from '@posttrain/core'
import { countPatterns, patternShares, type PatternShare } from '@posttrain/estimators'
import type { PatternClassifier } from './classify.js'
import { labelledTasks, type LabelledSample } from './labelled-tasks.js'

/** What a monitor of patterns watches for. */
export interface PatternMonitorOptions {
  readonly classify: PatternClassifier
  /** A pattern that is first seen at this step or later is new (default: the second step that is added). */
  readonly newFrom?: number | undefined
}

/** A step's patterns. */
export interface PatternStep {
  readonly step: number
  readonly tasks: number
  /** Samples that failed or have no score, which are left out. */
  readonly unscored: number
  /** Share and success of each, the most frequent first; none where no sample has a score. */
  readonly patterns: readonly PatternShare[]
}

/** A pattern that was not there before. */
export interface NewPattern {
  readonly pattern: string
  /** Where it was first seen. */
  readonly step: number
  /** How many samples have it, from then on. */
  readonly samples: number
  readonly first: { readonly taskId: string; readonly text: string }
}

/** What a monitor has seen. */
export interface PatternReport {
  readonly steps: readonly PatternStep[]
  /** In the order in which they appeared. */
  readonly newPatterns: readonly NewPattern[]
}

/** Watches which patterns a training run chooses. */
export interface PatternMonitor {
  /**
   * Takes the groups of a step, for instance those of a `step` event of `trainOnline`.
   *
   * @returns the patterns that are new at this step
   * @throws PosttrainError `invalid-argument` for a step that is not after the last one; `invalid-data` for a
   *   classifier that throws, or gives neither a text nor undefined: nothing is then taken of the step
   */
  add(step: number, groups: Iterable<Group>): readonly NewPattern[]
  /** What was seen so far. */
  report(): PatternReport
}

/**
 * A monitor that any training run can attach: shares and success of patterns step by step, and patterns that were never
 * seen before. Success is the reward of the task, also where an algorithm trains on another that it makes of it. It
 * keeps figures and the first sample of each new pattern, no groups.
 *
 * @throws PosttrainError `invalid-argument` for `newFrom` that is no step
 * @example
 * ```ts
 * const sampleOf = (text: string, index: number) =>
 *   ({ id: 'a', taskId: 'a', seed: 0, index, text, finish: 'stop', usage: NO_USAGE }) as const
 * const groupOf = (...texts: string[]) => ({
 *   task: { id: 'a', prompt: '24 : 4 9 10 13' },
 *   samples: texts.map(sampleOf),
 *   outcomes: texts.map((text) => ({ kind: 'scored', reward: text.length > 2 ? 1 : 0 }) as const),
 * })
 * const monitor = patternMonitor({ classify: ({ text }) => text[1] })
 * monitor.add(0, [groupOf('4*6', '4+')])
 * monitor.add(1, [groupOf('4*6', '9-4')]).map(({ pattern }) => pattern) // => ['-']
 * monitor.report().steps[0]!.patterns[0]!.success // => 1
 * ```
 */
export function patternMonitor({ classify, newFrom }: PatternMonitorOptions): PatternMonitor {
  if (newFrom !== undefined) requireInteger('newFrom', newFrom, { min: 0 })
  const steps: PatternStep[] = []
  const known = new Set<string>()
  const appeared = new Map<string, NewPattern>()

  /** Counts a sample; gives its pattern where it is new. */
  const take = ({ task, sample, pattern }: LabelledSample, step: number, isLearning: boolean): string | undefined => {
    if (pattern === undefined) return undefined
    const seen = appeared.get(pattern)
    if (seen) appeared.set(pattern, { ...seen, samples: seen.samples + 1 })
    if (known.has(pattern)) return undefined
    known.add(pattern)
    if (isLearning) return undefined
    appeared.set(pattern, { pattern, step, samples: 1, first: { taskId: task.id, text: sample.text } })
    return pattern
  }

  return {
    add(step, groups) {
      requireInteger('step', step, { min: 0 })
      const last = steps.at(-1)
      if (last && step <= last.step) {
        throw invalidArgument(`step ${step} comes after step ${last.step}`, 'add each step once, in order')
      }
      const { tasks, unscored } = labelledTasks(groups, classify)
      const counts = Array.from(tasks.values(), countPatterns)
      const patterns = counts.length === 0 ? [] : patternShares(counts)
      steps.push({ step, tasks: tasks.size, unscored, patterns })
      const isLearning = newFrom === undefined ? last === undefined : step < newFrom
      const found = [...tasks.values()].flat().map((sample) => take(sample, step, isLearning))
      return found.flatMap((pattern) => (pattern === undefined ? [] : [appeared.get(pattern)!]))
    },
    report: () => ({ steps: [...steps], newPatterns: [...appeared.values()] }),
  }
}
