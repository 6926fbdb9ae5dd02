import { invalidData, shown } from '@posttrain/core'
import * as z from 'zod'

/** What a log says of one sample; what is absent is unscored, unparsed, or has no proxy. */
export interface LoggedSample {
  readonly reward: number | undefined
  /** Key of the answer; votes are over keys. */
  readonly answer: string | undefined
  /** Another score, by which best-of-N chooses. */
  readonly proxy: number | undefined
  /** Its text, where the row has it. */
  readonly completion: string | undefined
}

/** A row of a log: one sample, all samples of a task, or only their counts. */
export type LogRow = {
  readonly taskId: string
  /** Right answer, where the row has it; the rows of one task must agree on it. */
  readonly reference: string | undefined
  /** Which system the sample is from, where a log holds several. */
  readonly system: string | undefined
  /** What was asked, where the row has it as a text. */
  readonly prompt: string | undefined
} & (
  | { readonly shape: 'counts'; readonly n: number; readonly c: number }
  | { readonly shape: 'sample' | 'group'; readonly samples: readonly LoggedSample[] }
)

/** The fields of a row, as its file has them. */
export type RowFields = Readonly<Record<string, unknown>>

/** What a row may look like, for hints. */
export const SHAPES =
  'a row is {task_id, reward | correct | passed, answer?, proxy?}, {task_id, n, c} or {task_id, rewards, answers?, proxies?}'

const ID = 'must be a text or a whole number'
const COUNT = 'must be a whole number of at least 0'
const SCORE = 'must be a finite number, true, false or null'
const ANSWER = 'must be a text, a number or null'
const PROXY = 'must be a finite number or null'
const score = z.union([z.number(), z.boolean()], { error: SCORE }).nullish()
const answer = z.union([z.string(), z.number(), z.boolean()], { error: ANSWER }).nullish()
const proxy = z.number({ error: PROXY }).nullish()
const anything = z.unknown().optional() // kept where it is a text, and otherwise passed over as any other field

/** A list as it is, whose items are looked at in place, up to the first wrong one: a row may have a million of them. */
const list = <Item>(isItem: (item: unknown) => boolean, error: string): z.ZodType<readonly Item[]> =>
  z.custom<readonly Item[]>(Array.isArray, { error: 'must be a list' }).check(({ value, issues }) => {
    const wrong = value.findIndex((item) => !isItem(item))
    if (wrong >= 0) issues.push({ code: 'custom', path: [wrong], message: error, input: value[wrong] })
  })
const isOf = (item: unknown, ...types: readonly string[]): boolean =>
  item === null || (types.includes(typeof item) && (typeof item !== 'number' || Number.isFinite(item)))
const count = z.int({ error: COUNT }).min(0, { error: COUNT })
const named = {
  task_id: z.union([z.string(), z.int()], { error: ID }),
  reference: z.unknown().optional(),
  system: z.string({ error: 'must be a text' }).nullish(),
  prompt: anything,
}
const sampleRow = z.object({
  ...named,
  reward: score,
  correct: score,
  passed: score,
  answer,
  proxy,
  completion: anything,
})
const countsRow = z.object({ ...named, n: count, c: count })
const groupRow = z.object({
  ...named,
  rewards: list<number | boolean | null>((item) => isOf(item, 'number', 'boolean'), SCORE),
  answers: list<string | number | boolean | null>(
    (item) => isOf(item, 'string', 'number', 'boolean'),
    ANSWER,
  ).nullish(),
  proxies: list<number | null>((item) => isOf(item, 'number'), PROXY).nullish(),
  samples: list<unknown>(() => true, '').nullish(),
})

/**
 * Reads one row of a log; fields it does not know are ignored.
 *
 * @param where file and line, for messages
 * @throws PosttrainError `invalid-data` saying where and what
 */
export function parseRow(fields: RowFields, where: string): LogRow {
  const wrong = (what: string, hint = SHAPES): never => {
    throw invalidData(`${where}: ${what}`, hint)
  }
  const read = <T extends z.ZodType>(schema: T): z.output<T> => {
    const parsed = schema.safeParse(fields)
    return parsed.success ? parsed.data : wrong(describe(parsed.error.issues[0]!, fields))
  }

  const scores = ['reward', 'correct', 'passed'].filter((name) => name in fields)
  const grouped = 'rewards' in fields
  const counted = 'n' in fields && 'c' in fields
  if (scores.length > 0 && (grouped || counted)) {
    return wrong(`${scores[0]} of one sample stands beside ${grouped ? 'rewards' : 'n and c'} of a whole task`)
  }
  if (grouped) {
    const row = read(groupRow)
    for (const name of ['answers', 'proxies', 'samples'] as const) {
      const { length } = row[name] ?? row.rewards
      if (length !== row.rewards.length) return wrong(`there are ${row.rewards.length} rewards but ${length} ${name}`)
    }
    const samples = row.rewards.map((reward, i) => sample(reward, row.answers?.[i], row.proxies?.[i], row.samples?.[i]))
    return { ...head(row), shape: 'group', samples }
  }
  if (counted || (scores.length === 0 && ('n' in fields || 'c' in fields))) {
    const row = read(countsRow)
    if (row.c > row.n) return wrong(`c = ${row.c} samples are correct, but there are only n = ${row.n}`)
    return { ...head(row), shape: 'counts', n: row.n, c: row.c }
  }
  const row = read(sampleRow)
  const given = [row.reward, row.correct, row.passed].filter((value) => value !== undefined)
  const values = new Set(given.map((value) => (value === null ? null : Number(value))))
  if (values.size > 1) return wrong(`${scores.join(' and ')} contradict each other`, 'keep the field that is the score')
  return { ...head(row), shape: 'sample', samples: [sample(given[0], row.answer, row.proxy, row.completion)] }
}

function head({ task_id: id, reference, system, prompt }: z.output<z.ZodObject<typeof named>>): Omit<LogRow, 'shape'> {
  const written = reference === undefined || reference === null ? undefined : JSON.stringify(reference)
  return { taskId: String(id), reference: written, system: system ?? undefined, prompt: textOf(prompt) }
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

const sample = (
  reward: z.output<typeof score>,
  answer: string | number | boolean | null | undefined,
  proxy: number | null | undefined,
  completion: unknown,
): LoggedSample => ({
  reward: reward === null || reward === undefined ? undefined : Number(reward),
  answer: answer === null || answer === undefined ? undefined : String(answer),
  proxy: proxy ?? undefined,
  completion: textOf(completion),
})

/** One issue of zod as half a sentence: the field, what it must be, and what it is. */
function describe({ path, message }: z.core.$ZodIssue, json: object): string {
  const field = path
    .map((key, i) => (typeof key === 'number' ? `[${key}]` : `${i > 0 ? '.' : ''}${String(key)}`))
    .join('')
  const value = path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown>)[key], json)
  const written = typeof value === 'number' ? String(value) : JSON.stringify(value)
  return `${field} ${message}, but is ${written === undefined ? 'missing' : shown(written)}`
}
