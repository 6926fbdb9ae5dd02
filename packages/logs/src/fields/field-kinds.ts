import type { RowFields } from '../row-fields.js'
import { textOf } from './field-at.js'

/** Fields that say of what a row is: figures over several of their values are of nothing in particular. */
const DIMENSIONS = new Set(
  (
    'model llm engine system agent scaffold harness solver provider checkpoint step globalstep trainstep trainingstep ' +
    'filter scorer grader judge metric temperature topp topk benchmark dataset suite split variant config ' +
    'configuration setting settings template prompttemplate promptversion fewshot numfewshot shots effort ' +
    'reasoningeffort quantization run'
  ).split(' '),
)

/** Fields whose value numbers a sample, whatever it is. */
const NAMED_INDEXES = ['sample_index', 'sample_idx', 'completion_index', 'completion_idx', 'sample_id']

/** Fields that number a sample where they hold a whole number: a `sample` may be its text, and a `run` have a name. */
const NUMBERED_INDEXES = ['sample', 'epoch', 'trial', 'repeat', 'repetition', 'rollout', 'run', 'attempt', 'try']

/** Fields that hold what a task asks, or in which language, of which a task has but one. */
const QUESTIONS = ['prompt', 'question', 'input', 'problem', 'task', 'programming_language', 'language', 'lang']

const WHOLE = /^\d+$/
const isWhole = (value: unknown): boolean =>
  typeof value === 'number' ? Number.isInteger(value) && value >= 0 : typeof value === 'string' && WHOLE.test(value)

/** Whether a field of this name says of what a row is: `model`, `modelName` and `model_id` alike. */
function isDimensionName(name: string): boolean {
  const plain = name.toLowerCase().replace(/[^a-z]/g, '')
  return DIMENSIONS.has(plain) || DIMENSIONS.has(plain.replace(/(name|id|label|key)$/, ''))
}

/** Which names of a row's fields may mean something: rows of a log have the same few. */
interface Layout {
  readonly names: readonly string[]
  readonly dimensions: readonly string[]
  /** Best first. */
  readonly indexes: readonly string[]
  readonly questions: readonly string[]
}

function layoutWith(names: readonly string[]): Layout {
  const among = (known: readonly string[]): string[] => known.filter((name) => names.includes(name))
  return {
    names,
    dimensions: names.filter(isDimensionName),
    indexes: among([...NAMED_INDEXES, ...NUMBERED_INDEXES]),
    questions: among(QUESTIONS),
  }
}

/** The row that was looked at last, and its layout, which most likely is that of the next one. */
let lastRow: RowFields = {}
let last: Layout = layoutWith([])

function layoutOf(fields: RowFields): Layout {
  if (fields === lastRow) return last
  if (!hasNames(fields, last.names)) last = layoutWith(Object.keys(fields))
  lastRow = fields
  return last
}

function hasNames(fields: RowFields, names: readonly string[]): boolean {
  let i = 0
  for (const name in fields) if (names[i++] !== name) return false
  return i === names.length
}

/** The fields of a row that number samples, best first. */
export const indexesOf = (fields: RowFields): readonly string[] =>
  layoutOf(fields).indexes.filter((name) => {
    const value = fields[name]
    return value !== undefined && value !== null && (NAMED_INDEXES.includes(name) || isWhole(value))
  })

/**
 * What the task of a row asks; undefined where the row does not say it.
 *
 * @param except names of fields that may differ between rows of a task
 */
export function questionOf(
  fields: RowFields,
  except: readonly string[],
): { readonly field: string; readonly text: string } | undefined {
  for (const field of layoutOf(fields).questions) {
    const text = textOf(fields[field])
    if (text !== undefined) return except.includes(field) ? undefined : { field, text }
  }
  return undefined
}

/** The fields of a row that say of what it is; a `run` with a number is a sample's. */
export const dimensionsOf = (fields: RowFields): readonly string[] =>
  layoutOf(fields).dimensions.filter((name) => !(NUMBERED_INDEXES.includes(name) && isWhole(fields[name])))
