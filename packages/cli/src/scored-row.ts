import { invalidData, isPrompt, referenceText, shown, type Outcome, type Sample, type Task } from '@posttrain/core'
import { fieldAt, type PlacedRow, type RowFields } from '@posttrain/logs'

/** What the fields of a row that is to be scored are called. */
export interface ScoredFields {
  /** Of the task (default `task_id`). */
  readonly id?: string | undefined
  /** What was answered (default `response`, `completion` or `answer`). */
  readonly response?: string | undefined
  /** The right answer, or the tests of a program (default `tests` or `reference`). */
  readonly reference?: string | undefined
}

const RESPONSES = ['response', 'completion', 'answer']
const REFERENCES = ['tests', 'reference']
/** What a row says of its outcome: that of an earlier reward goes. */
const RESULTS = ['reward', 'answer', 'unscored', 'parts', 'judging']
/** What a row that is to be scored looks like, for help and hints. */
export const ROW_TO_SCORE = 'a row is {task_id, response, reference}, for programs {task_id, response, tests}'

/** A row as a reward reads it; the sample is absent where there was no response. */
export interface RowToScore {
  readonly task: Task
  readonly sample: Sample | undefined
}

/**
 * Reads a row that is to be scored.
 *
 * @throws PosttrainError `invalid-data` saying where and what
 */
export function rowToScore({ fields, where }: PlacedRow, names: ScoredFields): RowToScore {
  const id = textOf(fieldAt(fields, names.id ?? 'task_id'))
  if (id === undefined) throw wrong(where, names.id ?? 'task_id', 'must be a text or a number', fields, '--id')
  const responseField = responseFieldOf(fields, names)
  if (responseField === undefined) {
    throw wrong(where, names.response ?? RESPONSES.join(', '), 'is missing', fields, '--response')
  }
  const response = fieldAt(fields, responseField)
  const text = textOf(response)
  if (text === undefined && response !== null) throw wrong(where, responseField, 'must be a text', fields, '--response')
  const { prompt } = fields
  const task = { id, prompt: isPrompt(prompt) ? prompt : '', reference: referenceOf(fields, where, names) }
  return { task, sample: text === undefined ? undefined : sampleOf(id, text) }
}

/** The row with what became of it, which `evaluate` reads; the response stays where its own field is `answer`. */
export function scoredRow(fields: RowFields, names: ScoredFields, outcome: Outcome): RowFields {
  const kept = Object.entries(fields).filter(([field]) => !RESULTS.includes(field))
  const isAnswer = responseFieldOf(fields, names) === 'answer'
  return {
    ...Object.fromEntries(kept),
    ...(isAnswer && { response: fields['answer'] }),
    reward: outcome.kind === 'scored' ? outcome.reward : null,
    answer: outcome.answer ?? null,
    ...(outcome.kind === 'unscored' && { unscored: outcome.reason }),
    ...(outcome.parts && { parts: outcome.parts }),
    ...(outcome.usage && { judging: outcome.usage }),
  }
}

/** What a row that was written says became of it. */
export function outcomeOfRow({ reward, answer, unscored, parts, judging }: RowFields): Outcome {
  const judgement = {
    ...(typeof answer === 'string' && { answer }),
    ...(parts !== undefined && { parts: parts as NonNullable<Outcome['parts']> }),
    ...(judging !== undefined && { usage: judging as NonNullable<Outcome['usage']> }),
  }
  return typeof reward === 'number'
    ? { kind: 'scored', reward, ...judgement }
    : { kind: 'unscored', reason: String(unscored), ...judgement }
}

function referenceOf(fields: RowFields, where: string, { reference }: ScoredFields): string | undefined {
  const field = reference ?? REFERENCES.find((name) => fieldAt(fields, name) !== undefined) ?? 'reference'
  const value = fieldAt(fields, field)
  const text = referenceText(value)
  if (text !== undefined) return text
  if ((value === undefined || value === null) && reference === undefined) return undefined
  throw wrong(where, field, 'must be a text, a number or tests', fields, '--reference')
}

const responseFieldOf = (fields: RowFields, { response }: ScoredFields): string | undefined =>
  (response === undefined ? RESPONSES : [response]).find((field) => fieldAt(fields, field) !== undefined)

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : undefined

/** A completion of which nothing but its text is known. */
const sampleOf = (id: string, text: string): Sample => ({
  id,
  taskId: id,
  index: 0,
  seed: 0,
  text,
  finish: 'stop',
  usage: { promptTokens: 0, completionTokens: 0 },
})

const wrong = (where: string, field: string, what: string, fields: RowFields, option: string): Error =>
  invalidData(
    `${where}: ${shown(field)} ${what}`,
    `${ROW_TO_SCORE}; name the field with ${option}; the row has ${shown(Object.keys(fields).join(', '), 200)}`,
  )
