import type { z } from 'zod'

/** What is wrong with a value that a schema refused, in half a sentence: `steps: expected int; seed: missing`. */
export const problemsOf = ({ issues }: z.ZodError): string =>
  issues.map(({ path, message }) => (path.length === 0 ? message : `${path.join('.')}: ${message}`)).join('; ')
