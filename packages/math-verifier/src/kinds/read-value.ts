import { childrenOf, type Node } from '../read/node.js'
import { parse } from '../read/parse.js'
import { evaluateMatrix, isMatrix, type Matrix } from '../value/matrix.js'
import { NoValue, Undecided } from '../limits/undecided.js'
import type { Quotient } from '../value/quotient.js'
import { parts, type Answer } from './answer.js'

/** A value, a matrix, or the two values of an expression with ±; undefined for what is no expression. */
export function readValue(value: string): Answer | undefined {
  const plain = value.replace(/^\\text\s*\{([^{}a-zA-Z]*|\(?[A-Za-z]\)?|[A-Z]{2,3})\}$/, '$1')
  let node: Node
  try {
    node = parse(plain)
  } catch (error) {
    if (error instanceof Undecided) return undefined
    throw error
  }
  try {
    if (!hasPlusMinus(node)) return answerOf(evaluateMatrix(node))
    return parts(
      'list',
      [true, false].map((upper) => answerOf(evaluateMatrix(withSign(node, upper)))),
      false,
    )
  } catch (error) {
    if (error instanceof NoValue) return undefined
    if (error instanceof Undecided) return { kind: 'unknown', reason: error.message }
    throw error
  }
}

function answerOf(value: Quotient | Matrix): Answer {
  if (!isMatrix(value)) return { kind: 'value', value }
  const cells = value.flat().map((cell): Answer => ({ kind: 'value', value: cell }))
  return parts(`matrix ${value.length}x${value[0]!.length}`, cells)
}

const signs = ['plusminus', 'minusplus']

const hasPlusMinus = (node: Node): boolean =>
  (node.kind === 'apply' && signs.includes(node.name)) || childrenOf(node).some(hasPlusMinus)

/** The expression with the upper or the lower sign of every ± and ∓. */
function withSign(node: Node, upper: boolean): Node {
  if (node.kind === 'matrix') return { ...node, rows: node.rows.map((row) => row.map((cell) => withSign(cell, upper))) }
  if (node.kind !== 'apply') return node
  const name = !signs.includes(node.name) ? node.name : (node.name === 'plusminus') === upper ? 'add' : 'subtract'
  return { ...node, name, args: node.args.map((arg) => withSign(arg, upper)) }
}
