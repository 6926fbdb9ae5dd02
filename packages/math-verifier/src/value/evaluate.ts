import type { Node } from '../read/node.js'
import { derivative } from './derivative.js'
import { functions } from './functions.js'
import { indexed } from './indexed.js'
import { integral } from './integral.js'
import { power, root } from './power.js'
import { addQuotients, divide, multiply, negate, whole, type Quotient } from './quotient.js'
import { constant, symbol } from './sum.js'
import { spend, Undecided } from '../limits/undecided.js'

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
  if (name === 'sum' || name === 'prod' || name === 'integral' || name === 'derivative') return bound(name, args, scope)
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

/** Sums, products, integrals and derivatives, which have a variable of their own. */
function bound(name: string, [variable, ...rest]: readonly Node[], scope: Scope): Quotient {
  if (variable?.kind !== 'symbol') throw new Undecided(`${name} without its variable`)
  const inside = new Map([...scope].filter(([key]) => key !== variable.name))
  const body = (value?: Quotient): Quotient =>
    evaluate(rest.at(-1)!, value === undefined ? inside : new Map([...inside, [variable.name, value]]))
  if (name === 'derivative') return derivative(body(), variable.name)
  const from = evaluate(rest[0]!, scope)
  const end = rest[1]!
  const to = end.kind === 'symbol' && end.name === '∞' ? undefined : evaluate(end, scope)
  if (name === 'integral') return integral(body(), variable.name, from, to)
  return indexed(name === 'sum' ? 'sum' : 'product', variable.name, body, from, to)
}
