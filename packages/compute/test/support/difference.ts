/**
 * The largest difference between two outputs, relative to the largest finite entry (at least 1). Equal infinities do
 * not differ; a number against NaN differs infinitely.
 */
export function difference(actual: Float64Array, expected: Float64Array): number {
  let scale = 1
  let worst = 0
  expected.forEach((x, i) => {
    if (Number.isFinite(x)) scale = Math.max(scale, Math.abs(x))
    const gap = Object.is(actual[i], x) || actual[i] === x ? 0 : Math.abs(actual[i]! - x)
    worst = Math.max(worst, Number.isNaN(gap) ? Infinity : gap)
  })
  return worst / scale
}
