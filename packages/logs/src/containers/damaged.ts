import { invalidData } from '@posttrain/core'

/** An error about a packed file that is not as it was written. */
export const damaged = (name: string, kind: string, what: string, cause?: unknown): Error =>
  invalidData(`${name} is a damaged ${kind} file: ${what}`, 'copy it again', cause)
