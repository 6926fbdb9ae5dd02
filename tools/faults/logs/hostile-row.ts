import type { RandomStream } from '@posttrain/core'
import { counts, happens, heavyValues, pick, values } from './pools.js'

/** How a log is written: which rows it has, and how often something is wrong with a field. */
export interface Style {
  readonly shape: 'sample' | 'group' | 'counts' | 'mixed'
  readonly hostility: number
  readonly tasks: number
}

const FIELDS = ['task_id', 'reward', 'correct', 'rewards', 'answer', 'answers', 'proxy', 'proxies', 'n', 'c', 'system']
const OTHERS = ['reference', '__proto__', 'constructor', 'toString', 'metadata', 'samples', 'prompt', 'completion', '']

const hostileValue = (stream: RandomStream): string => pick(stream, happens(stream, 0.03) ? heavyValues : values)

/** One row as text: mostly right, with the given hostility in each field, and at times with a field too many. */
export function hostileRow(stream: RandomStream, style: Style, row: number): string {
  const { hostility, tasks } = style
  const value = (right: string, wrong = hostility): string => (happens(stream, wrong) ? hostileValue(stream) : right)
  const verdict = (): string => String(stream.integer(2))
  const answer = (): string => `"${stream.integer(3)}"`
  const list = (length: number, one: () => string): string =>
    value(`[${Array.from({ length }, () => value(one(), length > 100 ? 0 : hostility)).join(',')}]`)
  const shape = style.shape === 'mixed' ? pick(stream, ['sample', 'group', 'counts'] as const) : style.shape
  // A row of a whole task is the only one of its task, unless something is wrong.
  const whole = shape === 'sample' || happens(stream, hostility) ? '' : `-${row}`
  const fields: [string, string][] = [['task_id', value(`"${shape}${stream.integer(tasks)}${whole}"`)]]
  if (shape === 'sample') {
    fields.push(['reward', value(verdict())], ['answer', value(answer())])
    if (happens(stream, 0.3)) fields.push(['proxy', value(String(stream.uniform()))])
  } else if (shape === 'group') {
    const length = hostility > 0 && happens(stream, 0.001) ? 100_000 : 1 + stream.integer(8)
    fields.push(['rewards', list(length, verdict)], ['answers', list(length, answer)])
  } else {
    const [n, c] = [pick(stream, counts), pick(stream, counts)]
    fields.push(['n', value(String(Math.max(n, c)))], ['c', value(String(Math.min(n, c)))])
  }
  if (happens(stream, hostility)) fields.push([pick(stream, [...FIELDS, ...OTHERS]), hostileValue(stream)])
  if (happens(stream, hostility / 2)) fields.push(pick(stream, fields)) // a key given twice
  if (happens(stream, hostility / 4)) fields.reverse()
  return `{${fields.map(([name, written]) => `${JSON.stringify(name)}:${written}`).join(',')}}`
}
