import { referenceText, type Prompt, type Sample, type Task } from '@posttrain/core'

/** A completion that a client wants judged. */
export interface AskedSample {
  readonly task: Task
  /** The completion, or why there is none. */
  readonly sample: Sample | { readonly missing: string }
}

/** What clients say of a completion, each in its own words. */
export interface AskedFields {
  readonly id?: string | undefined
  readonly prompt?: Prompt | undefined
  readonly response: string | undefined
  /** As JSON has it: a text, a number, tests. */
  readonly reference?: unknown
  /** Why there is no response, where there is none. */
  readonly missing?: string | undefined
}

/** A completion as a reward sees it. */
export function askedSample(fields: AskedFields): AskedSample {
  const { id = 'asked', prompt = '', response, missing = 'there is no response' } = fields
  const task: Task = { id, prompt, reference: referenceText(fields.reference) }
  if (response === undefined) return { task, sample: { missing } }
  const usage = { promptTokens: 0, completionTokens: 0 }
  return { task, sample: { id, taskId: id, index: 0, seed: 0, text: response, finish: 'stop', usage } }
}
