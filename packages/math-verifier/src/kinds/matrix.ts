import { addQuotients, multiply, negate, whole, type Quotient } from '../value/quotient.js'
import { integer } from '../value/sum.js'
import { parts, type Answer } from './answer.js'

/** A matrix by rows; between bars, its determinant. */
export function readMatrix(text: string, readCell: (text: string) => Answer): Answer | undefined {
  const match = /^\\begin\{([pbBvV]?matrix|array)\}(?:\{[lcr|]*\})?(.*)\\end\{\1\}$/.exec(text)
  if (match === null) return undefined
  const rows = match[2]!
    .split(/\\\\/)
    .map((row) => row.trim())
    .filter((row, at, all) => row !== '' || at < all.length - 1)
    .map((row) => row.split('&').map((cell) => readCell(cell.trim())))
  if (rows.length === 0) return { kind: 'unknown', reason: 'it is a matrix without rows' }
  const width = rows[0]!.length
  if (rows.some((row) => row.length !== width)) return { kind: 'unknown', reason: 'its rows have several lengths' }
  if (match[1] === 'vmatrix') return determinantOf(rows)
  return parts(`matrix ${rows.length}x${width}`, rows.flat())
}

function determinantOf(rows: readonly (readonly Answer[])[]): Answer {
  const values = rows.map((row) => row.map((cell) => (cell.kind === 'value' ? cell.value : undefined)))
  if (values.length > 5 || values.some((row) => row.length !== values.length || row.includes(undefined)))
    return { kind: 'unknown', reason: 'its determinant is out of the limits' }
  return { kind: 'value', value: determinant(values as Quotient[][]), label: undefined }
}

/** The determinant by expansion along the first row. */
function determinant(rows: readonly (readonly Quotient[])[]): Quotient {
  if (rows.length === 0) return whole(integer(1))
  return rows[0]!
    .map((value, column) => {
      const minor = rows.slice(1).map((row) => row.filter((_, at) => at !== column))
      const product = multiply(value, determinant(minor))
      return column % 2 === 0 ? product : negate(product)
    })
    .reduce(addQuotients)
}
