/**
 * How likely each of n samples is drawn, where they are drawn in an order of chance until one passes, and k at most.
 *
 * Of m others of which f fail, j are drawn before it and none of them passes with probability C(f, j)/C(m, j), and its
 * place is the one after them with probability 1/n.
 *
 * @param passes (samples)
 * @returns (samples)
 */
export function firstPassingDraws(passes: readonly boolean[], k: number): Float64Array {
  const n = passes.length
  const failing = passes.filter((one) => !one).length
  const others = (fails: number): number => {
    let noneBefore = 1
    let sum = 0
    for (let j = 0; j < Math.min(k, n); j++) {
      sum += noneBefore
      noneBefore *= (fails - j) / (n - 1 - j || 1)
    }
    return sum / n
  }
  const [ofPassing, ofFailing] = [others(failing), others(failing - 1)]
  return Float64Array.from(passes, (one) => (one ? ofPassing : ofFailing))
}
