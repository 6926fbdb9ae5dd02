import type { RowFields } from '../row-fields.js'
import { fieldAt } from './field-at.js'

/** What the fields of a log are called, where they are not called as ours: names, or paths with dots between. */
export interface FieldNames {
  /** Id of the task (default `task_id`). */
  readonly id?: string | undefined
  /** Score of a sample, or list of scores (default `reward`, `correct` or `passed`; `rewards` or `graded_list`). */
  readonly score?: string | undefined
  /** Answer, or list of answers (default `answer`, `answers`). */
  readonly answer?: string | undefined
  /**
   * Number of a sample within its task (default `sample`, `epoch`, `trial`, `repeat`, `attempt` … as far as rows have
   * one); `none`: every row is another sample.
   */
  readonly sample?: string | undefined
  /** What several tasks have in common, a passage for instance, so that they are no independent tasks. */
  readonly cluster?: string | undefined
  /** Weight of a task (default: all count alike). */
  readonly weight?: string | undefined
  /** What tasks are told apart by, a difficulty for instance, for a result of each. */
  readonly tag?: string | undefined
  /** What a sample cost, in numbers of any unit: money, tokens, seconds (default: none is read). */
  readonly cost?: readonly string[] | undefined
}

/** Names of a score, of one sample or of many. */
export const SCORES: readonly string[] = ['reward', 'correct', 'passed']
export const SCORE_LISTS: readonly string[] = ['rewards', 'graded_list']

/** What says what samples are worth, and gives way to a score that was named. */
const OF_SCORES: readonly string[] = [...SCORES, ...SCORE_LISTS, 'n', 'c']

/** A row under our names, where its own were named. */
export function underOurNames(fields: RowFields, { id, score, answer }: FieldNames): RowFields {
  if (id === undefined && score === undefined && answer === undefined) return fields
  const ours: Record<string, unknown> =
    score === undefined
      ? { ...fields }
      : Object.fromEntries(Object.entries(fields).filter(([name]) => !OF_SCORES.includes(name)))
  if (id !== undefined) ours['task_id'] = fieldAt(fields, id)
  if (score !== undefined) {
    const value = fieldAt(fields, score)
    ours[Array.isArray(value) ? 'rewards' : 'reward'] = value
  }
  if (answer !== undefined) {
    delete ours['answer']
    delete ours['answers']
    const value = fieldAt(fields, answer)
    const ofTask = Array.isArray(value) && [...SCORES, ...SCORE_LISTS].some((name) => Array.isArray(ours[name]))
    ours[ofTask ? 'answers' : 'answer'] = value
  }
  return ours
}
