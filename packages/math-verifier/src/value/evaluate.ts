import { rational } from '@posttrain/rewards'
import type { Node } from '../read/node.js'
import { functions } from './functions.js'
import { power, root } from './power.js'
import { addQuotients, divide, multiply, negate, sumOf, whole, type Quotient } from './quotient.js'
import { atomSum, multiplySums } from './product.js'
import { addSums, constant, integer, isInteger, negateSum, rationalOf, symbol, type Sum } from './sum.js'
import { limits, spend, Undecided } from '../limits/undecided.js'

type Scope = ReadonlyMap<string, Quotient>

/**
 * The exact value of an expression.
 *
 * @throws Undecided for what has no value and beyond the limits.
 */
export function evaluate(node: Node, scope: Scope = new Map()): Quotient {
  spend(4)
  if (node.kind === 'number') return whole(constant(node.value))
  if (node.kind === 'matrix') throw new Undecided('a matrix stands where a number is needed')
  if (node.kind === 'symbol') {
    if (node.name === '∞') throw new Undecided('infinity in an expression')
    return scope.get(node.name) ?? whole(symbol(node.name))
  }
  const { name, args } = node
  if (name === 'sum' || name === 'prod') return finite(name, args, scope)
  if (name === 'integral') return integral(args, scope)
  const [a, b] = args.map((argument) => evaluate(argument, scope))
  switch (name) {
    case 'add':
      return addQuotients(a!, b!)
    case 'subtract':
      return addQuotients(a!, negate(b!))
    case 'multiply':
      return multiply(a!, b!)
    case 'divide':
      return divide(a!, b!)
    case 'negate':
      return negate(a!)
    case 'power':
      return power(a!, b!)
    case 'root':
      return root(a!, b!)
  }
  const apply = functions.get(name)
  if (apply === undefined) throw new Undecided(`${name} has no value here`)
  return apply(...args.map((argument) => evaluate(argument, scope)))
}

function finite(name: string, args: readonly Node[], scope: Scope): Quotient {
  const [variable, from, to, body] = args as [Node, Node, Node, Node]
  if (variable.kind !== 'symbol') throw new Undecided('a sum without its variable')
  const [low, high] = [from, to].map((end) => rationalOf(sumOf(evaluate(end, scope))))
  if (low === undefined || high === undefined || !isInteger(low) || !isInteger(high))
    throw new Undecided('a sum whose ends are not integers')
  if (high.numerator - low.numerator >= BigInt(limits.summands)) throw new Undecided('a sum of too many terms')
  let value = whole(integer(name === 'sum' ? 0 : 1))
  for (let k = low.numerator; k <= high.numerator; k++) {
    const term = evaluate(body, new Map([...scope, [variable.name, whole(integer(k))]]))
    value = name === 'sum' ? addQuotients(value, term) : multiply(value, term)
  }
  return value
}

/** The integral of a polynomial: Σ c xⁿ⁺¹/(n + 1), at the upper end less at the lower end. */
function integral(args: readonly Node[], scope: Scope): Quotient {
  const [variable, from, to, body] = args as [Node, Node, Node, Node]
  if (variable.kind !== 'symbol') throw new Undecided('an integral without its variable')
  const sum = sumOf(evaluate(body, scope))
  const parts: Sum[] = [...sum.values()].map(({ coefficient, factors }) => {
    const rest = [...factors].filter(([key]) => key !== variable.name)
    if (rest.some(([, { atom }]) => atom.kind !== 'prime' && atom.kind !== 'symbol'))
      throw new Undecided('an integral of what is no polynomial')
    const exponent = factors.get(variable.name)?.exponent ?? rational(0n)
    if (!isInteger(exponent) || exponent.numerator < 0n) throw new Undecided('an integral of what is no polynomial')
    const next = rational(exponent.numerator + 1n)
    const outer = rest
      .map(([, factor]) => atomSum(factor.atom, factor.exponent))
      .reduce(multiplySums, constant(coefficient))
    return multiplySums(
      multiplySums(outer, constant(rational(1n, next.numerator))),
      atomSum({ kind: 'symbol', name: variable.name }, next),
    )
  })
  const antiderivative = addSums(...parts)
  const at = (end: Node): Sum => {
    const value = sumOf(evaluate(end, scope))
    return addSums(
      ...[...antiderivative.values()].map(({ coefficient, factors }) =>
        [...factors].reduce(
          (product, [key, factor]) =>
            multiplySums(
              product,
              key === variable.name
                ? sumOf(power(whole(value), whole(constant(factor.exponent))))
                : atomSum(factor.atom, factor.exponent),
            ),
          constant(coefficient),
        ),
      ),
    )
  }
  return whole(addSums(at(to), negateSum(at(from))))
}
