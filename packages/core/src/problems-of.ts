import { shown } from './shown.js'

/** Problems that a message names. */
const NAMED = 5

/**
 * What is wrong with a value that a schema refused, in half a sentence.
 *
 * @param error for instance a `ZodError`
 * @example
 * ```ts
 * const issues = [
 *   { path: ['steps'], message: 'Invalid input: expected number, received string' },
 *   { path: ['layers', 0], message: 'is missing' },
 * ]
 * problemsOf({ issues }) // => 'steps: expected number, received string; layers[0]: is missing'
 * ```
 */
export function problemsOf({
  issues,
}: {
  readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[]
}): string {
  const named = issues.slice(0, NAMED).map(({ path, message }) => {
    const what = message.replace(/^Invalid input: /, '')
    return path.length === 0 ? what : `${shown(fieldOf(path))}: ${what}`
  })
  const more = issues.length - named.length
  return `${named.join('; ')}${more > 0 ? `; and ${more} more` : ''}`
}

const fieldOf = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (before, key) => (typeof key === 'number' ? `${before}[${key}]` : `${before && `${before}.`}${String(key)}`),
    '',
  )
