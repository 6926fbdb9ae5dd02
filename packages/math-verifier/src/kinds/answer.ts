import type { Quotient } from '../value/quotient.js'

/** An answer as it was read. Answers of different kinds are different. */
export type Answer =
  | { readonly kind: 'value'; readonly value: Quotient }
  | { readonly kind: 'percent'; readonly value: Quotient }
  /** Parts in order, with the name of what holds them: `list`, `tuple`, `[)`, `matrix 2x2`, `=`, `<`. */
  | { readonly kind: 'parts'; readonly name: string; readonly parts: readonly Answer[]; readonly ordered: boolean }
  /** An answer with its unit (`cm`, `$`) or its name (`x =`), which another answer may leave out. */
  | { readonly kind: 'labelled'; readonly role: 'unit' | 'name'; readonly label: string; readonly answer: Answer }
  | { readonly kind: 'text'; readonly text: string }
  /** Mathematics beyond the limits or beyond what is represented. */
  | { readonly kind: 'unknown'; readonly reason: string }

export const parts = (name: string, list: readonly Answer[], ordered = true): Answer => ({
  kind: 'parts',
  name,
  parts: list,
  ordered,
})

export const labelled = (role: 'unit' | 'name', label: string, answer: Answer): Answer => ({
  kind: 'labelled',
  role,
  label,
  answer,
})
