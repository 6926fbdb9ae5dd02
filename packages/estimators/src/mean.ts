/** Arithmetic mean; exactly the common value where all agree. */
export function mean(values: ArrayLike<number>): number {
  const first = values[0]!
  let excess = 0
  for (let i = 1; i < values.length; i++) excess += values[i]! - first
  return first + excess / values.length
}
