import { childrenOf, type Node } from '../read/node.js'
import { evaluate } from './evaluate.js'
import { addQuotients, divide, multiply, negate, whole, type Quotient } from './quotient.js'
import { integer, isInteger, rationalOf } from './sum.js'
import { Undecided } from '../limits/undecided.js'

/** Rows of one length, at least one. */
export type Matrix = readonly (readonly Quotient[])[]

type Value = Quotient | Matrix

/** The largest matrix whose determinant is computed, by expansion. */
const largest = 5

export const isMatrix = (value: Value): value is Matrix => Array.isArray(value)

const hasMatrix = (node: Node): boolean => node.kind === 'matrix' || childrenOf(node).some(hasMatrix)

/**
 * The exact value of an expression in which matrices may stand: sums, products, powers, transpose, determinant, trace.
 *
 * @throws Undecided for what has no value and beyond the limits.
 */
export function evaluateMatrix(node: Node): Value {
  if (!hasMatrix(node)) return evaluate(node)
  if (node.kind === 'matrix') return checked(node.rows.map((row) => row.map((cell) => evaluate(cell))))
  const { name, args } = node as Extract<Node, { kind: 'apply' }>
  if (name === 'power' && isTransposition(args[1]!)) return transpose(matrixOf(args[0]!))
  const [a, b] = args.map(evaluateMatrix) as [Value, Value | undefined]
  if (args.length === 1 && name === 'negate') return scale(a, whole(integer(-1)))
  if (args.length === 1 && isMatrix(a)) {
    if (name === 'det' || name === 'abs') return determinant(square(a))
    if (name === 'tr' || name === 'trace')
      return square(a)
        .map((row, at) => row[at]!)
        .reduce(addQuotients)
  }
  if (b !== undefined) {
    if (name === 'multiply') return product(a, b)
    if (name === 'divide' && !isMatrix(b)) return scale(a, divide(whole(integer(1)), b))
    if (name === 'add') return sum(a, b)
    if (name === 'subtract') return sum(a, scale(b, whole(integer(-1))))
    if (name === 'power' && isMatrix(a) && !isMatrix(b)) return power(square(a), b)
  }
  throw new Undecided(`${name} of a matrix is not computed`)
}

const isTransposition = (exponent: Node): boolean => exponent.kind === 'symbol' && exponent.name === 'T'

function checked(rows: Matrix): Matrix {
  if (rows.length === 0) throw new Undecided('it is a matrix without rows')
  if (rows.some((row) => row.length !== rows[0]!.length)) throw new Undecided('its rows have several lengths')
  return rows
}

function matrixOf(node: Node): Matrix {
  const value = evaluateMatrix(node)
  if (!isMatrix(value)) throw new Undecided('the transpose of what is no matrix')
  return value
}

function square(matrix: Matrix): Matrix {
  if (matrix.length !== matrix[0]!.length || matrix.length > largest)
    throw new Undecided(`the matrix is not square, or has more than ${largest} rows`)
  return matrix
}

const transpose = (matrix: Matrix): Matrix => matrix[0]!.map((_, column) => matrix.map((row) => row[column]!))

const scale = (value: Value, by: Quotient): Value =>
  isMatrix(value) ? value.map((row) => row.map((cell) => multiply(cell, by))) : multiply(value, by)

function sum(a: Value, b: Value): Value {
  if (!isMatrix(a) || !isMatrix(b) || a.length !== b.length || a[0]!.length !== b[0]!.length)
    throw new Undecided('a sum of matrices of different sizes')
  return a.map((row, i) => row.map((cell, j) => addQuotients(cell, b[i]![j]!)))
}

function product(a: Value, b: Value): Value {
  if (!isMatrix(b)) return scale(a, b)
  if (!isMatrix(a)) return scale(b, a)
  if (a[0]!.length !== b.length) throw new Undecided('a product of matrices whose sizes do not fit')
  const columns = transpose(b)
  return a.map((row) =>
    columns.map((column) => row.map((cell, at) => multiply(cell, column[at]!)).reduce(addQuotients)),
  )
}

function power(matrix: Matrix, exponent: Quotient): Matrix {
  const n = rationalOf(exponent.top)
  if (n === undefined || !isInteger(n) || n.numerator < -1n || n.numerator > 20n || n.numerator === 0n)
    throw new Undecided('a power of a matrix that is not computed')
  if (n.numerator === -1n) return inverse(matrix)
  return Array.from({ length: Number(n.numerator) }, () => matrix).reduce((a, b) => product(a, b) as Matrix)
}

const minorOf = (matrix: Matrix, row: number, column: number): Matrix =>
  matrix.filter((_, i) => i !== row).map((cells) => cells.filter((_, j) => j !== column))

/** The determinant by expansion along the first row. */
function determinant(matrix: Matrix): Quotient {
  if (matrix.length === 0) return whole(integer(1))
  return matrix[0]!
    .map((value, column) => {
      const term = multiply(value, determinant(minorOf(matrix, 0, column)))
      return column % 2 === 0 ? term : negate(term)
    })
    .reduce(addQuotients)
}

/** The matrix of cofactors, transposed, over the determinant. */
function inverse(matrix: Matrix): Matrix {
  const whole = determinant(matrix)
  return transpose(
    matrix.map((row, i) =>
      row.map((_, j) => {
        const minor = determinant(minorOf(matrix, i, j))
        return divide((i + j) % 2 === 0 ? minor : negate(minor), whole)
      }),
    ),
  )
}
