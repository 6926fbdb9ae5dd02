import type { RowFields } from '../parse-row.js'
import { textOf } from './field-at.js'

/** Fields that say of what a row is: figures over several of their values are of nothing in particular. */
const DIMENSIONS = new Set(
  (
    'model llm engine system agent scaffold harness solver provider checkpoint filter scorer grader judge metric ' +
    'temperature topp topk benchmark dataset suite split variant config configuration setting settings template ' +
    'prompttemplate promptversion fewshot numfewshot shots effort reasoningeffort quantization run'
  ).split(' '),
)

/** Fields whose value numbers a sample, whatever it is. */
const NAMED_INDEXES = ['sample_index', 'sample_idx', 'completion_index', 'completion_idx', 'sample_id']

/** Fields that number a sample where they hold a whole number: a `sample` may be its text, and a `run` have a name. */
const NUMBERED_INDEXES = ['sample', 'epoch', 'trial', 'repeat', 'repetition', 'rollout', 'run', 'attempt', 'try']

/** Fields that hold what a task asks, of which a task has but one. */
const QUESTIONS = ['prompt', 'question', 'input', 'problem', 'task']

const WHOLE = /^\d+$/
const isWhole = (value: unknown): boolean =>
  (typeof value === 'number' || typeof value === 'string') && WHOLE.test(String(value))

/** The fields of a row that number samples; the first of them is the one that does. */
export function indexesOf(fields: RowFields): readonly string[] {
  const named = NAMED_INDEXES.filter((name) => fields[name] !== undefined && fields[name] !== null)
  const numbered = NUMBERED_INDEXES.filter((name) => name in fields && isWhole(fields[name]))
  return named.length === 0 ? numbered : [...named, ...numbered]
}

/**
 * What the task of a row asks; undefined where the row does not say it.
 *
 * @param except names of fields that may differ between rows of a task
 */
export function questionOf(
  fields: RowFields,
  except: readonly string[],
): { readonly field: string; readonly text: string } | undefined {
  const field = QUESTIONS.find((name) => name in fields && fields[name] !== null)
  const text = field === undefined || except.includes(field) ? undefined : textOf(fields[field])
  return text === undefined ? undefined : { field: field!, text }
}

/** Names that were asked for, since every row has the same few. */
const known = new Map<string, boolean>()
const MOST_KNOWN = 10_000

/** Whether a field of this name says of what a row is: `model`, `modelName` and `model_id` alike. */
function isDimensionName(name: string): boolean {
  const before = known.get(name)
  if (before !== undefined) return before
  const plain = name.toLowerCase().replace(/[^a-z]/g, '')
  const answer = DIMENSIONS.has(plain) || DIMENSIONS.has(plain.replace(/(name|id|label|key)$/, ''))
  if (known.size < MOST_KNOWN) known.set(name, answer)
  return answer
}

/** The fields of a row that say of what it is; a `run` with a number is a sample's. */
export function dimensionsOf(fields: RowFields): readonly string[] {
  const found: string[] = []
  for (const name in fields) {
    if (isDimensionName(name) && !(NUMBERED_INDEXES.includes(name) && isWhole(fields[name]))) found.push(name)
  }
  return found
}
