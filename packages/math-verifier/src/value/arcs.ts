import { rational, type Rational } from '@posttrain/rewards'
import { multiplySums } from './product.js'
import { addSums, factorSum, negateSum, scaleSum, sumKey, symbol, type Sum } from './sum.js'
import { cosine, evenArgument, sine } from './trigonometry.js'

const angle = (q: Rational): Sum => scaleSum(symbol('π'), q)

/** The fractions q of a half turn, up to a quarter, at which sin πq is looked up. */
const fractions: readonly Rational[] = [
  [0n, 1n],
  [1n, 12n],
  [1n, 10n],
  [1n, 8n],
  [1n, 6n],
  [1n, 5n],
  [1n, 4n],
  [3n, 10n],
  [1n, 3n],
  [3n, 8n],
  [2n, 5n],
  [5n, 12n],
  [1n, 2n],
].map(([n, d]) => rational(n!, d))

/** arcsin x: exact where x is a sine of the table, otherwise an odd function. */
export function arcsine(x: Sum): Sum {
  const { argument, negated } = evenArgument(x)
  const sought = [argument, negateSum(argument)].map(sumKey)
  for (const [at, key] of sought.entries()) {
    const q = fractions.find((fraction) => sumKey(sine(angle(fraction))) === key)
    if (q !== undefined) return (at === 0) === negated ? negateSum(angle(q)) : angle(q)
  }
  const value = factorSum({ kind: 'function', name: 'arcsin', argument })
  return negated ? negateSum(value) : value
}

/** arccos x = π/2 − arcsin x. */
export const arccosine = (x: Sum): Sum => addSums(angle(rational(1n, 2n)), negateSum(arcsine(x)))

/** arctan x: exact where x is a tangent of the table, that is x cos πq = sin πq, otherwise an odd function. */
export function arctangent(x: Sum): Sum {
  const { argument, negated } = evenArgument(x)
  for (const [at, value] of [argument, negateSum(argument)].entries()) {
    const q = fractions.find((fraction) => {
      const cos = cosine(angle(fraction))
      return cos.size > 0 && sumKey(multiplySums(value, cos)) === sumKey(sine(angle(fraction)))
    })
    if (q !== undefined) return (at === 0) === negated ? negateSum(angle(q)) : angle(q)
  }
  const value = factorSum({ kind: 'function', name: 'arctan', argument })
  return negated ? negateSum(value) : value
}
