import type { Atom, Sum, Term } from './sum.js'

/** Whether a variable stands anywhere in a sum. */
export const sumHolds = (sum: Sum, name: string): boolean => [...sum.values()].some((term) => termHolds(term, name))

const termHolds = ({ factors }: Term, name: string): boolean =>
  [...factors.values()].some(({ atom }) => atomHolds(atom, name))

/** Whether a variable stands in an atom. */
export function atomHolds(atom: Atom, name: string): boolean {
  if (atom.kind === 'symbol') return atom.name === name
  if (atom.kind === 'function') return sumHolds(atom.argument, name)
  return (
    atom.kind === 'power' &&
    (sumHolds(atom.base, name) || (atom.exponent !== undefined && sumHolds(atom.exponent, name)))
  )
}
