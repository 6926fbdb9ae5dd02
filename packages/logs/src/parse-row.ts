import { shown } from '@posttrain/core'
import * as z from 'zod'
import { costsOfSample, costsOfSamples } from './fields/costs.js'
import { fieldAt, textOf } from './fields/field-at.js'
import { questionOf } from './fields/field-kinds.js'
import { underOurNames, type FieldNames } from './fields/field-names.js'
import type { LoggedSample } from './fields/logged-sample.js'
import { listsOf, sampleOf, samplesOf, scoresOf } from './fields/logged-samples.js'
import type { RowRules } from './fields/row-rules.js'
import { sampleNumberOf, type SampleNumber } from './fields/sample-number.js'
import { scoreOf } from './fields/score.js'
import { wrongField, wrongRow } from './fields/wrong-field.js'
import { nameOfOption } from './option-names.js'
import type { RowFields } from './row-fields.js'

/** A row of a log: one sample, all samples of a task, or only their counts. All rows of a task agree on its facts. */
export type LogRow = {
  readonly taskId: string
  /** Right answer as JSON, where the row has it; a number is the text that it is written as. */
  readonly reference: string | undefined
  /** What was asked, where the row has it as a text. */
  readonly prompt: string | undefined
  /** What was asked, in whatever form and under whatever name, unless that may differ. */
  readonly question: { readonly field: string; readonly text: string } | undefined
  readonly cluster: string | undefined
  readonly tag: string | undefined
  readonly weight: number | undefined
} & (
  | { readonly shape: 'counts'; readonly n: number; readonly c: number }
  | { readonly shape: 'group'; readonly samples: readonly LoggedSample[] }
  | {
      readonly shape: 'sample'
      readonly samples: readonly [LoggedSample]
      /** Which sample of its task it is, where the row says so. */
      readonly number: SampleNumber | undefined
    }
)

const COUNT = 'must be a whole number of at least 0'
const count = z.int({ error: COUNT }).min(0, { error: COUNT })

/**
 * Reads one row of a log; fields it does not know are ignored.
 *
 * @param where file and line, for messages
 * @throws PosttrainError `invalid-data` saying where and what
 */
export function parseRow(given: RowFields, where: string, rules: RowRules = {}): LogRow {
  const { fields: names = NO_NAMES, pool = NO_FIELDS } = rules
  const fields = underOurNames(given, names)
  const [list, another] = listsOf(fields)
  const [score] = scoresOf(fields)
  const counted = 'n' in fields && 'c' in fields
  if (score !== undefined && (list !== undefined || counted)) {
    throw wrongRow(where, `${score} of one sample stands beside ${list ?? 'n and c'} of a whole task`)
  }
  if (another !== undefined) {
    const choose = `choose one with ${nameOfOption('score', rules.optionNames)} ${list}`
    throw wrongRow(where, `${list} and ${another} are both scores of a whole task`, choose)
  }
  if (fields['rewards'] !== undefined && list === undefined) {
    throw wrongField(where, 'rewards', 'must be a list', fields['rewards'])
  }
  const facts = factsOf(given, fields, where, rules)
  const { cost = NO_FIELDS } = names
  if (list !== undefined) {
    const samples = samplesOf(fields, list, where, rules)
    if (cost.length === 0) return { ...facts, shape: 'group', samples }
    const costs = costsOfSamples(given, cost, samples.length, where)
    return { ...facts, shape: 'group', samples: samples.map((sample, i) => ({ ...sample, costs: costs[i] })) }
  }
  if (counted || (score === undefined && ('n' in fields || 'c' in fields))) {
    return { ...facts, shape: 'counts', ...countsOf(fields, where) }
  }
  const sample = sampleOf(fields, where, rules)
  const samples: [LoggedSample] = [
    cost.length === 0 ? sample : Object.assign(sample, { costs: costsOfSample(given, cost, where) }),
  ]
  // Not { ...facts }, which takes ten times as long as all the rest: a log may have a million of these rows.
  return Object.assign(facts, { shape: 'sample' as const, samples, number: sampleNumberOf(given, names, pool) })
}

function countsOf(fields: RowFields, where: string): { readonly n: number; readonly c: number } {
  const [n, c] = ['n', 'c'].map((name) => {
    const read = count.safeParse(fields[name])
    if (read.success) return read.data
    throw wrongField(where, name, COUNT, fields[name])
  }) as [number, number]
  if (c > n) throw wrongRow(where, `c = ${c} samples are correct, but there are only n = ${n}`)
  return { n, c }
}

/** What a row says of its task. */
function factsOf(given: RowFields, fields: RowFields, where: string, rules: RowRules): Omit<LogRow, 'shape'> {
  const { fields: names = NO_NAMES, pool = NO_FIELDS } = rules
  const { prompt, reference } = fields
  return {
    taskId: taskIdOf(fields['task_id'], given, where, rules),
    reference: reference === undefined || reference === null ? undefined : referenceOf(reference),
    prompt: typeof prompt === 'string' ? prompt : undefined,
    question: questionOf(given, names.id === undefined ? pool : [...pool, names.id]),
    cluster: factOf(given, names.cluster, where),
    tag: factOf(given, names.tag, where),
    weight: weightOf(factOf(given, names.weight, where), where, names.weight),
  }
}
const NO_NAMES: FieldNames = {}
const NO_FIELDS: readonly string[] = []

function taskIdOf(id: unknown, given: RowFields, where: string, { fields: names, optionNames }: RowRules): string {
  if (typeof id === 'string') return id
  if (Number.isSafeInteger(id)) return String(id)
  const hint = `name the field with ${nameOfOption('id', optionNames)}; the row has ${shown(Object.keys(given).join(', '), 200)}`
  throw wrongField(where, names?.id ?? 'task_id', 'must be a text or a whole number', id, hint)
}

/** What the row says in a field that was asked for. */
function factOf(given: RowFields, name: string | undefined, where: string): string | undefined {
  if (name === undefined) return undefined
  const text = textOf(fieldAt(given, name))
  if (text === undefined) throw wrongField(where, name, 'must be in every row', undefined, 'it was asked for')
  return text
}

/** A number is the same as its text: a file of another tool may write either. */
const referenceOf = (value: unknown): string => JSON.stringify(typeof value === 'number' ? String(value) : value)

function weightOf(text: string | undefined, where: string, name = 'weight'): number | undefined {
  if (text === undefined) return undefined
  const weight = scoreOf(text, {})
  if (weight === undefined || !(weight > 0)) throw wrongField(where, name, 'must be a positive number', text)
  return weight
}
