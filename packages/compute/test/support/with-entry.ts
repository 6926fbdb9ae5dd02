/** A copy with one entry replaced. */
export function withEntry(values: readonly number[], index: number, value: number): number[] {
  const copy = [...values]
  copy[index] = value
  return copy
}
