import { rational } from '@posttrain/rewards'
import { naturalLogarithm } from './functions.js'
import { atomHolds } from './holds.js'
import { atomSum } from './product.js'
import { addQuotients, divide, multiply, negate, whole, type Quotient } from './quotient.js'
import { constant, integer, plus, type Atom, type Sum } from './sum.js'
import { spend, Undecided } from '../limits/undecided.js'

/** d/dx of an expression. @throws Undecided for functions whose derivative is not known here. */
export function derivative({ top, bottom }: Quotient, name: string): Quotient {
  const above = multiply(ofSum(top, name), whole(bottom))
  const below = multiply(whole(top), ofSum(bottom, name))
  return divide(addQuotients(above, negate(below)), multiply(whole(bottom), whole(bottom)))
}

/** The product rule: Σ over factors of exponent · atom^(exponent − 1) · atom′ · the rest. */
function ofSum(sum: Sum, name: string): Quotient {
  let result = whole(integer(0))
  for (const { coefficient, factors } of sum.values()) {
    for (const [key, { atom, exponent }] of factors) {
      spend(20)
      if (!atomHolds(atom, name)) continue
      const others = [...factors].filter(([other]) => other !== key)
      const rest = others.map(([, factor]) => whole(atomSum(factor.atom, factor.exponent)))
      const lowered = whole(atomSum(atom, plus(exponent, rational(-1n))))
      const factor = [whole(constant(coefficient)), whole(constant(exponent)), lowered, ofAtom(atom, name), ...rest]
      result = addQuotients(result, factor.reduce(multiply))
    }
  }
  return result
}

function ofAtom(atom: Atom, name: string): Quotient {
  if (atom.kind === 'symbol') return whole(integer(1))
  if (atom.kind === 'power' && atom.exponent === undefined) return ofSum(atom.base, name)
  if (atom.kind === 'power') {
    // (b^u)′ = b^u (u′ ln b + u b′/b)
    const base = whole(atom.base)
    const outer = multiply(ofSum(atom.exponent!, name), naturalLogarithm(base))
    const inner = multiply(whole(atom.exponent!), divide(ofSum(atom.base, name), base))
    return multiply(whole(atomSum(atom)), addQuotients(outer, inner))
  }
  if (atom.kind === 'function') {
    const inner = ofSum(atom.argument, name)
    const outer = (other: string): Quotient =>
      whole(atomSum({ kind: 'function', name: other, argument: atom.argument }))
    if (atom.name === 'sin') return multiply(outer('cos'), inner)
    if (atom.name === 'cos') return negate(multiply(outer('sin'), inner))
    if (atom.name === 'ln') return divide(inner, whole(atom.argument))
  }
  throw new Undecided(`the derivative of ${atom.kind === 'function' ? atom.name : atom.kind} is not known`)
}
