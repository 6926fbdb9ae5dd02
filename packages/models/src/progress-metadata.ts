import * as z from 'zod'
import { invalidData, problemsOf } from '@posttrain/core'
import type { Progress } from './trained-parameters.js'

/** A number of steps in decimal digits; no run has more than 10¹⁵. */
const count = z
  .string()
  .regex(/^\d{1,16}$/, 'expected decimal digits')
  .transform(Number)
  .pipe(z.number().max(1e15))
const schema = z.object({ steps: count, updates: count.optional() })

/** What a checkpoint's metadata say of progress; files of an older version have no `updates`. */
export const progressMetadata = ({ steps, updates }: Progress, optimizer: boolean): Record<string, string> =>
  optimizer ? { steps: String(steps), updates: String(updates) } : { steps: String(steps) }

/** @throws PosttrainError `invalid-data` for metadata without a number of steps */
export function parseProgress(metadata: Readonly<Record<string, string>>): Progress {
  const parsed = schema.safeParse(metadata)
  if (!parsed.success) throw invalidData(`the checkpoint's progress is malformed: ${problemsOf(parsed.error)}`)
  const { steps, updates = steps } = parsed.data
  return { steps, updates }
}
