import { invalidData, isPrompt, referenceText, shown, type Prompt, type Task } from '@posttrain/core'
import { fieldAt, rowsOf, type PlacedRow, type RowFields } from '@posttrain/logs'
import { nameOfFile, sourceOf } from './read-log-files.js'

/** What the fields of a task are called. */
export interface TaskFields {
  /** Default `task_id`. */
  readonly id?: string | undefined
  /** Default `prompt`, `messages`, `question` or `problem`. */
  readonly prompt?: string | undefined
  /** Default `tests` or `reference`. */
  readonly reference?: string | undefined
}

const PROMPTS = ['prompt', 'messages', 'question', 'problem']
const REFERENCES = ['tests', 'reference']

/** What a row of a task looks like, for help and hints. */
export const TASK_ROW =
  'a row is {task_id, prompt} or {task_id, messages}, with a reference or tests where there are any'

/** A task and the row that says it. */
export interface FileTask {
  readonly task: Task
  /** Reference and tests as the row has them, to be written again. */
  readonly kept: RowFields
}

/**
 * The tasks of a file, a row for each.
 *
 * @throws PosttrainError `invalid-data` saying where and what
 */
export async function* tasksOfFile(file: string, names: TaskFields): AsyncGenerator<FileTask> {
  let isEmpty = true
  for await (const row of rowsOf(sourceOf(file), { format: 'rows' })) {
    isEmpty = false
    yield taskOf(row, names)
  }
  if (isEmpty) throw invalidData(`${nameOfFile(file)} is empty`, TASK_ROW)
}

function taskOf({ fields, where }: PlacedRow, names: TaskFields): FileTask {
  const id = fieldAt(fields, names.id ?? 'task_id')
  if (typeof id !== 'string' && typeof id !== 'number') {
    throw wrong(where, names.id ?? 'task_id', 'must be a text or a number', fields, '--id')
  }
  const promptField = firstOf(fields, names.prompt, PROMPTS)
  const prompt = fieldAt(fields, promptField)
  if (!isPrompt(prompt)) throw wrong(where, promptField, 'must be a text or a list of messages', fields, '--prompt')
  const referenceField = firstOf(fields, names.reference, REFERENCES)
  const given = fieldAt(fields, referenceField)
  const reference = referenceText(given)
  if (reference === undefined && given !== undefined && given !== null) {
    throw wrong(where, referenceField, 'must be a text, a number or tests', fields, '--reference')
  }
  return {
    task: { id: String(id), prompt, reference, tags: tagsOf(fields, where) },
    kept:
      reference === undefined ? {} : { [REFERENCES.includes(referenceField) ? referenceField : 'reference']: given },
  }
}

/** Tags, which rules of a budget may name. */
function tagsOf(fields: RowFields, where: string): Task['tags'] {
  const { tags } = fields
  if (tags === undefined || tags === null) return undefined
  if (typeof tags === 'object' && Object.values(tags).every((value) => typeof value === 'string')) {
    return tags as NonNullable<Task['tags']>
  }
  throw invalidData(`${where}: tags must be an object of texts`, 'for instance {"level":"hard"}')
}

const firstOf = (fields: RowFields, named: string | undefined, usual: readonly string[]): string =>
  named ?? usual.find((name) => fieldAt(fields, name) !== undefined) ?? usual[0]!

/** What was asked, as rows say it again. */
export const promptField = (prompt: Prompt): RowFields =>
  typeof prompt === 'string' ? { prompt } : { messages: prompt }

const wrong = (where: string, field: string, what: string, fields: RowFields, option: string): Error =>
  invalidData(
    `${where}: ${shown(field)} ${what}`,
    `${TASK_ROW}; name the field with ${option}; the row has ${shown(Object.keys(fields).join(', '), 200)}`,
  )
