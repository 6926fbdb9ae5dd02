/**
 * What help says of a default that may differ between recipes: `default: 16` where it does not, and where it does
 * `default: 220 for game24, 200 for multiplication`.
 *
 * @param values by recipe
 */
export function defaultOf(values: readonly (readonly [recipe: string, value: unknown])[]): string {
  const distinct = new Set(values.map(([, value]) => value))
  if (distinct.size === 1) return `default: ${[...distinct].join('')}`
  return `default: ${values.map(([recipe, value]) => `${String(value)} for ${recipe}`).join(', ')}`
}
