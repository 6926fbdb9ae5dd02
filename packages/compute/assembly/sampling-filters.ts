// The cuts of a row before a token is drawn from it: top-k, top-p and min-p. A cut sets weights to 0.

/** Exchanges two pairs of value and weight. */
@inline
function swap(values: usize, weights: usize, a: i32, b: i32): void {
  const i = (<usize>a) << 2,
    j = (<usize>b) << 2
  const value = f32.load(values + i),
    weight = f32.load(weights + i)
  f32.store(values + i, f32.load(values + j))
  f32.store(weights + i, f32.load(weights + j))
  f32.store(values + j, value)
  f32.store(weights + j, weight)
}

@inline
function median(a: f32, b: f32, c: f32): f32 {
  return max(min(a, b), min(max(a, b), c))
}

/**
 * The largest value v among `count` such that the weights of all values of at least v sum to `target` or more; the
 * smallest value if there is none. With weights 1 it is the target-th largest, with probabilities it is the border of
 * a nucleus. It takes O(count) steps on average, like quickselect, and reorders both arrays.
 */
function borderValue(values: usize, weights: usize, count: i32, target: f64): f32 {
  let low = 0
  let high = count
  let above: f64 = 0 // the weight of values greater than those from low to high
  let pivot = f32.load(values)
  while (low < high) {
    const middle = f32.load(values + ((<usize>((low + high) >> 1)) << 2))
    pivot = median(f32.load(values + ((<usize>low) << 2)), middle, f32.load(values + ((<usize>(high - 1)) << 2)))
    // Greater values to the front, smaller ones to the back.
    let greater = low,
      i = low,
      smaller = high
    let massGreater: f64 = 0
    let massEqual: f64 = 0
    while (i < smaller) {
      const value = f32.load(values + ((<usize>i) << 2))
      const weight = <f64>f32.load(weights + ((<usize>i) << 2))
      if (value > pivot) {
        massGreater += weight
        swap(values, weights, greater++, i++)
      } else if (value < pivot) {
        swap(values, weights, i, --smaller)
      } else {
        massEqual += weight
        i++
      }
    }
    if (greater > low && above + massGreater >= target) {
      high = greater
    } else if (above + massGreater + massEqual >= target) {
      return pivot
    } else {
      above += massGreater + massEqual
      low = smaller
    }
  }
  return pivot
}

/** Sets the weights of values below `border` to 0. */
@inline
function cutBelow(values: usize, weights: usize, count: i32, border: f32): void {
  for (let v: usize = 0; v < (<usize>count) << 2; v += 4) {
    if (f32.load(values + v) < border) f32.store(weights + v, 0)
  }
}

/** Copies the values that have a weight, with their weights, to `work`; returns how many. */
@inline
function collect(values: usize, weights: usize, count: i32, work: usize, workWeights: usize, ones: bool): i32 {
  let kept: usize = 0
  for (let v: usize = 0; v < (<usize>count) << 2; v += 4) {
    const weight = f32.load(weights + v)
    if (weight == 0) continue
    f32.store(work + kept, f32.load(values + v))
    f32.store(workWeights + kept, ones ? 1 : weight)
    kept += 4
  }
  return <i32>(kept >> 2)
}

/**
 * Cuts a row whose weights are exp((x − max x)/temperature), so that the largest weight is 1. Equal values are kept
 * or cut together. `work` and `workWeights` have room for a row each.
 */
export function cutRow(
  values: usize,
  weights: usize,
  count: i32,
  topK: i32,
  topP: f64,
  minP: f64,
  work: usize,
  workWeights: usize,
): void {
  if (topK < count) {
    const kept = collect(values, weights, count, work, workWeights, true)
    if (topK < kept) cutBelow(values, weights, count, borderValue(work, workWeights, kept, <f64>topK))
  }
  if (topP < 1) {
    const kept = collect(values, weights, count, work, workWeights, false)
    let total: f64 = 0
    for (let i: usize = 0; i < (<usize>kept) << 2; i += 4) total += <f64>f32.load(workWeights + i)
    cutBelow(values, weights, count, borderValue(work, workWeights, kept, topP * total))
  }
  if (minP > 0) {
    for (let v: usize = 0; v < (<usize>count) << 2; v += 4) {
      if (<f64>f32.load(weights + v) < minP) f32.store(weights + v, 0)
    }
  }
}
