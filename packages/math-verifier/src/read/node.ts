import type { Rational } from '@posttrain/rewards'

/** An expression as it was read. */
export type Node =
  | { readonly kind: 'number'; readonly value: Rational }
  | { readonly kind: 'symbol'; readonly name: string }
  | { readonly kind: 'apply'; readonly name: string; readonly args: readonly Node[] }
  | { readonly kind: 'matrix'; readonly rows: readonly (readonly Node[])[] }

export const apply = (name: string, ...args: readonly Node[]): Node => ({ kind: 'apply', name, args })

/** The nodes right below a node. */
export const childrenOf = (node: Node): readonly Node[] =>
  node.kind === 'apply' ? node.args : node.kind === 'matrix' ? node.rows.flat() : []
