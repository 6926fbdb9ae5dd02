/**
 * Names for the parts of one page or file: a name that was given before gets a number.
 *
 * @example
 * ```ts
 * const named = uniqueNames()
 * named('Table') // => 'Table'
 * named('Table') // => 'Table (2)'
 * ```
 */
export function uniqueNames(): (name: string) => string {
  const given = new Set<string>()
  return (name) => {
    let unique = name
    for (let number = 2; given.has(unique); number++) unique = `${name} (${number})`
    given.add(unique)
    return unique
  }
}
