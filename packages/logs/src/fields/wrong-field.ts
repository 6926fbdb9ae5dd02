import { invalidData, shown } from '@posttrain/core'

/** What a row may look like, for hints. */
export const SHAPES =
  'a row is {task_id, reward | correct | passed, answer?, proxy?}, {task_id, n, c} or {task_id, rewards, answers?, proxies?}'

/** An error about a row. */
export const wrongRow = (where: string, what: string, hint: string = SHAPES): Error =>
  invalidData(`${where}: ${what}`, hint)

/**
 * An error about a field of a row.
 *
 * @param must what the field must be, for instance `must be a text`
 */
export const wrongField = (where: string, field: string, must: string, value: unknown, hint?: string): Error =>
  wrongRow(where, `${shown(field)} ${must}, but is ${written(value)}`, hint)

function written(value: unknown): string {
  const text = typeof value === 'number' ? String(value) : JSON.stringify(value)
  return text === undefined ? 'missing' : shown(text)
}
