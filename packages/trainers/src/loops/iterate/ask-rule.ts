import {
  callCallerNow,
  described,
  invalidData,
  shown,
  type Group,
  type ScoredOutcome,
  type Task,
} from '@posttrain/core'
import type { KeepRule } from './keep-rules.js'
import type { IterateOptions } from './settings.js'

/**
 * The prompt that a hint makes, checked.
 *
 * @throws PosttrainError `invalid-data`, naming the task, for anything but a text and for what it throws
 */
export function hintOf(hint: NonNullable<IterateOptions['hint']>, task: Task): string {
  const prompt: unknown = callCallerNow('hint', `on task ${shown(task.id)}`, () => hint(task))
  if (typeof prompt === 'string') return prompt
  throw invalidData(`hint of task ${shown(task.id)} is ${described(prompt)}, not a text`)
}

/**
 * The places of the samples that a rule keeps, checked.
 *
 * @throws PosttrainError `invalid-data`, naming rule and task, for anything but places, each once and in order, and for
 *   what it throws
 */
export function keptOf(keep: KeepRule, group: Group<ScoredOutcome>): readonly number[] {
  const [rule, where] = [`the rule '${keep.name}'`, `on task ${shown(group.task.id)}`]
  const kept: unknown = callCallerNow(rule, where, () => keep.keep(group))
  const last = group.samples.length - 1
  const hint = `give places from 0 to ${last}, each once and in order`
  if (!Array.isArray(kept)) throw invalidData(`${rule} kept ${described(kept)} ${where}`, hint)
  let before = -1
  for (const place of kept as readonly unknown[]) {
    if (!Number.isSafeInteger(place) || (place as number) <= before || (place as number) > last) {
      throw invalidData(`${rule} kept ${described(place)} ${where}`, hint)
    }
    before = place as number
  }
  return kept as readonly number[]
}
