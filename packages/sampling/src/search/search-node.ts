import { asPiece, type Piece, type Sample } from '@posttrain/core'

/** A completion on its way through a search, or at its end. */
export interface SearchNode {
  /** Its way from the root: the index of each step among its siblings, and a name where it is a rollout. */
  readonly path: readonly (number | string)[]
  /** What its children begin with. */
  readonly prefix: readonly Piece[]
  /** The completion up to here; none at the root. */
  readonly sample?: Sample | undefined
  /** Its place among the samples of the run. */
  readonly place: number
  /** Tokens drawn on the way. */
  readonly drawn: number
  readonly isFinished: boolean
  /** Scores of the steps on the way. */
  readonly steps: readonly number[]
  /** What the search chooses by; `null` where it was not scored. */
  readonly value: number | null
}

/** A node that was scored. */
export type ScoredNode = SearchNode & { readonly value: number }

/**
 * What a completion begins with that will be gone on from: nothing is said yet, and it is the model's turn. A sampler
 * that cannot go on from a partial answer refuses it, before a step is drawn and paid for that nothing can follow.
 */
export const BEGUN: readonly Piece[] = [{ text: '' }]

/** Where nothing is said yet. */
export const ROOT: SearchNode = {
  path: [],
  prefix: BEGUN,
  place: -1,
  drawn: 0,
  isFinished: false,
  steps: [],
  value: null,
}

export const isScored = (node: SearchNode): node is ScoredNode => node.value !== null

/** The name of a node in a decision; the root has none. */
export const nodeId = ({ path }: Pick<SearchNode, 'path'>): string => path.join('/')

/** What is said up to a node, the text that ended its step included. */
export const textUpTo = ({ sample }: SearchNode): string => (sample ? asPiece(sample).text : '')

/** Orders paths lexicographically; a name comes after every number. */
export function comparePaths(a: SearchNode['path'], b: SearchNode['path']): number {
  const at = a.findIndex((step, i) => step !== b[i])
  if (at < 0) return a.length - b.length
  const [left, right] = [a[at]!, b[at]]
  if (right === undefined) return 1
  if (typeof left === 'number' && typeof right === 'number') return left - right
  return String(left) < String(right) ? -1 : 1
}

/** Orders nodes by value, the highest first; among equals the lexicographically first path. */
export const byValue = (a: ScoredNode, b: ScoredNode): number => b.value - a.value || comparePaths(a.path, b.path)
