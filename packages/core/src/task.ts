import { described } from './described.js'
import { invalidArgument, invalidData } from './errors.js'
import { isPrompt, type Prompt } from './prompt.js'
import { shown } from './shown.js'

/** One thing to be solved: a prompt, and what a reward function needs to judge an answer to it. */
export interface Task {
  /** Unique within a data set; names the task's random streams and its rows in every log. */
  readonly id: string
  /** What a sampler continues. */
  readonly prompt: Prompt
  /**
   * The right answer, where one is known, in the form that the reward function expects. It is for the reward that
   * counts: nothing that also runs when a procedure is deployed sees it (`withoutReference`).
   */
  readonly reference?: string | undefined
  /** Free labels for slicing a report, for instance `{ split: 'validation' }`. */
  readonly tags?: Readonly<Record<string, string>> | undefined
}

/**
 * The task as it is when a procedure is deployed: nobody knows the answer.
 *
 * @example
 * ```ts
 * withoutReference({ id: 'a', prompt: '1+1=', reference: '2' }) // => { id: 'a', prompt: '1+1=' }
 * ```
 */
export function withoutReference(task: Task): Task {
  const { reference: _, ...rest } = task
  return rest
}

/**
 * Requires a task with an id and a prompt, and returns it.
 *
 * @throws PosttrainError `invalid-argument`, naming the task as far as it has a name
 * @example
 * ```ts
 * requireTask({ id: 'a', prompt: '1+1=' }).id // => 'a'
 * ```
 */
export function requireTask(task: Task): Task {
  const given: unknown = task
  if (typeof given !== 'object' || given === null) throw invalidArgument(`a task is ${described(given)}`, TASK)
  const { id, prompt, reference } = given as Readonly<Record<keyof Task, unknown>>
  if (typeof id !== 'string') throw invalidArgument(`the id of a task is ${described(id)}`, TASK)
  if (!isPrompt(prompt)) throw invalidArgument(`the prompt of task ${shown(id)} is ${described(prompt)}`, TASK)
  if (reference === undefined || typeof reference === 'string') return task
  throw invalidArgument(`the reference of task ${shown(id)} is ${described(reference)}`, TASK)
}

const TASK = 'a task is { id, prompt, reference? }: texts, or a prompt that is a list of messages'

/**
 * Requires tasks, each with an id of its own, and returns them.
 *
 * @throws PosttrainError `invalid-argument` for no tasks, something else than a task, or two of one id
 * @example
 * ```ts
 * requireTasks([{ id: 'a', prompt: '1+1=' }]).length // => 1
 * ```
 */
export function requireTasks(tasks: readonly Task[]): readonly Task[] {
  const given: unknown = tasks
  if (!Array.isArray(given)) throw invalidArgument(`tasks must be a list, but is ${described(given)}`)
  if (given.length === 0) throw invalidArgument('tasks is empty')
  const seen = new Set<string>()
  for (const task of given as readonly Task[]) requireOwnId(requireTask(task), seen)
  return tasks
}

/**
 * Requires a task of an id that was not seen before.
 *
 * @param seen ids so far, to which this one is added
 * @throws PosttrainError `invalid-argument` otherwise
 */
export function requireOwnId({ id }: Task, seen: Set<string>): void {
  if (seen.has(id)) throw invalidArgument(`two tasks have the id ${shown(id)}`, 'give every task an id of its own')
  seen.add(id)
}

/**
 * The prompt of a task that is a text.
 *
 * @throws PosttrainError `invalid-data` for a chat, naming the task
 */
export function textPrompt({ id, prompt }: Task): string {
  if (typeof prompt === 'string') return prompt
  throw invalidData(`the prompt of task ${id} is a chat, but a text is needed`)
}
