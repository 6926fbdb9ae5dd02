import { canonicalOf } from './fields/canonical.js'
import { Numbering } from './numbering.js'
import type { TaskLog } from './task-log.js'

/** Answers of one task that count as different ones, and differ only in how they are written. */
export interface Spellings {
  /** Tasks that have such answers. */
  readonly tasks: number
  /** Two of them, of the first such task. */
  readonly answers: readonly [string, string]
}

/**
 * Whether answers that count as different differ only in case, in spaces or in how a number is written, so that a vote
 * would be split between them.
 *
 * @returns undefined where there are none
 * @example
 * ```ts
 * const log = await readLog({ lines: ['{"task_id":"a","rewards":[1,1],"answers":["1,000","1000.0"]}'] })
 * spellingsOf(log) // => { tasks: 1, answers: ['1,000', '1000.0'] }
 * ```
 */
export function spellingsOf(log: TaskLog): Spellings | undefined {
  const canonical = new Numbering('answers')
  const numbers = log.answerKeys.map((key) => {
    const one = canonicalOf(key, 'number')
    return canonical.get(one) ?? canonical.add(one, '')
  })
  if (canonical.size === numbers.length) return undefined
  let tasks = 0
  let answers: Spellings['answers'] | undefined
  const first = new Map<number, number>()
  for (const keys of log.answersByTask()) {
    first.clear()
    for (const key of keys) {
      const before = first.get(numbers[key]!) ?? key
      first.set(numbers[key]!, before)
      if (before === key) continue
      tasks++
      answers ??= [log.answerKeys[before]!, log.answerKeys[key]!]
      break
    }
  }
  return answers && { tasks, answers }
}
