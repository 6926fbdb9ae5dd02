import type { Node } from '../read/node.js'
import { parse } from '../read/parse.js'
import { evaluate } from '../value/evaluate.js'
import { startWork, Undecided } from '../limits/undecided.js'
import { parts, type Answer } from './answer.js'

/** A value, or the two values of an expression with ±; undefined for what is no expression. */
export function readValue(value: string): Answer | undefined {
  const plain = value.replace(/^\\text\s*\{([^{}a-zA-Z]*|\(?[A-Za-z]\)?)\}$/, '$1')
  let node: Node
  try {
    node = parse(plain)
  } catch (error) {
    if (error instanceof Undecided) return undefined
    throw error
  }
  startWork()
  try {
    if (!hasPlusMinus(node)) return { kind: 'value', value: evaluate(node), label: undefined }
    return parts(
      'list',
      ['add', 'subtract'].map((name): Answer => ({
        kind: 'value',
        value: evaluate(withSign(node, name)),
        label: undefined,
      })),
      false,
    )
  } catch (error) {
    if (error instanceof Undecided) return { kind: 'unknown', reason: error.message }
    throw error
  }
}

const hasPlusMinus = (node: Node): boolean =>
  node.kind === 'apply' && (node.name === 'plusminus' || node.args.some(hasPlusMinus))

const withSign = (node: Node, name: string): Node =>
  node.kind === 'apply'
    ? { ...node, name: node.name === 'plusminus' ? name : node.name, args: node.args.map((arg) => withSign(arg, name)) }
    : node
