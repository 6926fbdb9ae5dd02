import {
  invalidArgument,
  requireFinite,
  scoreNames,
  type Loss,
  type ScoreName,
  type TokenCotangents,
} from '@posttrain/core'

/** A loss and its share in a sum. */
export interface LossTerm {
  readonly loss: Loss
  /** Default 1. */
  readonly coefficient?: number | undefined
}

/**
 * Σⱼ cⱼ Lⱼ over the same batch: PPO with a value loss and an entropy bonus, DPO with an anchor on the chosen.
 *
 * It differentiates and reads what any of its terms does; it vanishes at advantage 0 if all do, is on-policy if any is,
 * and takes pairs if any does. A term that knows nothing of pairs then sees both sequences of each; `onPreferred` shows
 * it the first alone.
 *
 * @returns a loss with each term's metrics and `value` (without its coefficient) as `name/metric`; a name that comes
 *   again has its position after it
 * @throws PosttrainError `invalid-argument` for no terms, or a coefficient that is not finite
 * @example
 * ```ts
 * const loss = sumOfLosses([{ loss: policyGradientLoss() }, { loss: supervisedLoss(), coefficient: 0.5 }])
 * loss.evaluate([{ logprob: Float64Array.of(-1) }], [{ advantage: 2, weight: 1 }]).value // => 2.5
 * ```
 */
export function sumOfLosses(terms: readonly LossTerm[]): Loss {
  if (terms.length === 0) throw invalidArgument('terms is empty', 'pass at least one loss')
  terms.forEach(({ coefficient = 1 }, j) => requireFinite(`coefficient of term ${j}`, coefficient))
  const names = terms.map(({ loss }) => loss.name)
  const labels = names.map((name, j) => (names.indexOf(name) === j ? name : `${name} ${j + 1}`))
  return {
    name: names.join(' + '),
    differentiates: [...new Set(terms.flatMap(({ loss }) => loss.differentiates))],
    reads: [...new Set(terms.flatMap(({ loss }) => loss.reads))],
    vanishesAtZeroAdvantage: terms.every(({ loss }) => loss.vanishesAtZeroAdvantage) || undefined,
    onPolicy: terms.some(({ loss }) => loss.onPolicy) || undefined,
    pairs: terms.some(({ loss }) => loss.pairs) || undefined,
    evaluate(scores, constants) {
      let value = 0
      const metrics: Record<string, number> = {}
      const cotangents: TokenCotangents[] = scores.map(() => ({}))
      terms.forEach(({ loss, coefficient = 1 }, j) => {
        const term = loss.evaluate(scores, constants)
        value += coefficient * term.value
        metrics[`${labels[j]!}/value`] = term.value
        for (const [name, metric] of Object.entries(term.metrics)) metrics[`${labels[j]!}/${name}`] = metric
        term.cotangents.forEach((added, i) => (cotangents[i] = plus(cotangents[i]!, added, coefficient)))
      })
      return { value, cotangents, metrics }
    },
  }
}

/** a + c·b, where what is absent is 0. */
function plus(a: TokenCotangents, b: TokenCotangents, c: number): TokenCotangents {
  const sum: { -readonly [name in ScoreName]?: Float64Array | undefined } = { ...a }
  for (const name of scoreNames) {
    const [x, y] = [a[name], b[name]]
    if (y) sum[name] = y.map((slope, t) => (x?.[t] ?? 0) + c * slope)
  }
  return sum
}
