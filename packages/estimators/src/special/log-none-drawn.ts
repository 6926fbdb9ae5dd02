import { deviance, stirlingError } from './stirling.js'

/**
 * log P(none of a marked ones among n is among b drawn without replacement) = log C(n−a, b)/C(n, b), for whole numbers
 * with a + b ≤ n ≤ 2⁵³ − 1, to a relative error below 1e-14.
 *
 * In closed form: the hypergeometric probability of 0 as a product of binomial ones (Loader 2000), all of whose large
 * terms are of one sign.
 */
export function logNoneDrawn(n: number, a: number, b: number): number {
  const [draws, marked] = a < b ? [a, b] : [b, a] // symmetric in the two
  if (draws === 0) return 0
  const left = n - marked - draws
  // Where nothing is left log 0 would appear; the last draw is then taken by itself.
  if (left === 0) return logNoneDrawn(n, marked, draws - 1) - Math.log(n - draws + 1)
  const hits = (marked / n) * draws // expected
  const binomial = marked * Math.log1p(-draws / n)
  const deviances = deviance(draws, draws * ((n - marked) / n), -hits) + deviance(left, left + hits, hits)
  const stirling =
    0.5 * Math.log1p(hits / left) +
    (stirlingError(n - marked) - stirlingError(left) + (stirlingError(n - draws) - stirlingError(n)))
  return binomial - deviances + stirling
}
