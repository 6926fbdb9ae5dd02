/** Levels of lists and objects that a row may have: what writes a value as JSON calls itself at every one. */
export const DEEPEST = 1_000

/**
 * Whether lists and objects lie within one another deeper than `DEEPEST`.
 *
 * @param value as JSON has it
 * @param text that the value was read from: a short one holds nothing deep
 */
export function isTooDeep(value: unknown, text: string): boolean {
  if (text.length < 2 * DEEPEST) return false
  let level = holders([value])
  for (let depth = 1; level.length > 0; depth++) {
    if (depth > DEEPEST) return true
    const next: object[] = []
    for (const holder of level) for (const held of holders(Object.values(holder))) next.push(held)
    level = next
  }
  return false
}

/** Those that hold others. */
const holders = (values: readonly unknown[]): object[] =>
  values.filter((value): value is object => typeof value === 'object' && value !== null)
