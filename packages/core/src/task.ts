import { invalidData } from './errors.js'
import type { Prompt } from './prompt.js'

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
 * The prompt of a task that is a text.
 *
 * @throws PosttrainError `invalid-data` for a chat, naming the task
 */
export function textPrompt({ id, prompt }: Task): string {
  if (typeof prompt === 'string') return prompt
  throw invalidData(`the prompt of task ${id} is a chat, but a text is needed`)
}
