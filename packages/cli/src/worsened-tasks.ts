import { quoted } from '@posttrain/core'
import type { PairedTask } from '@posttrain/logs'
import type { ComparedPair } from './compared.js'

/** Tasks that are listed: whoever has more to look at looks at the log. */
const LISTED = 20

/** The tasks on which b is worse than a, those with the largest difference as lines of their own. */
export function worsenedLines({ a, b, tasks }: ComparedPair): readonly string[] {
  if (tasks === undefined) return []
  const worse: PairedTask[] = []
  for (const task of tasks) if (task.b < task.a) worse.push(task)
  if (worse.length === 0) return [`${b} is worse than ${a} on no task`]
  worse.sort((one, other) => other.a - other.b - (one.a - one.b))
  const first = worse.length > LISTED ? `, the ${LISTED} with the largest difference` : ''
  return [
    `${b} is worse than ${a} on ${worse.length === 1 ? '1 task' : `${worse.length} tasks`}${first}:`,
    ...worse.slice(0, LISTED).map(({ id, ...of }) => `${quoted(id)}: ${written(of.a)} → ${written(of.b)}`),
  ]
}

const written = (value: number): string => String(Number(value.toPrecision(4)))
