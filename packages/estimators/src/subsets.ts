/** C(n, k), exact while it is a safe integer; Infinity where it overflows. */
export function subsetCount(n: number, k: number): number {
  let count = 1
  for (let i = 1; i <= Math.min(k, n - k); i++) count = (count * (n - i + 1)) / i
  return Math.round(count)
}

/** All k-subsets of 0 … n−1 in lexicographic order. The yielded array is reused. */
export function* allSubsets(n: number, k: number): Generator<readonly number[], void> {
  const chosen = Array.from({ length: k }, (_, i) => i)
  for (;;) {
    yield chosen
    let i = k - 1
    while (i >= 0 && chosen[i] === n - k + i) i--
    if (i < 0) return
    chosen[i]!++
    for (let j = i + 1; j < k; j++) chosen[j] = chosen[j - 1]! + 1
  }
}
