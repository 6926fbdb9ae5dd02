import type { Implementations } from '../implementation.js'
import { addInto, type Compile, type Place } from './compile.js'

/** out[j] += Σ_i x[i,j]. */
export function sumRows(compile: Compile): Implementations<Place, 'sumRows'> {
  const sum = compile(
    { x: 'array', rows: 'integer', columns: 'integer' },
    `let sum = 0
    for (let i = 0; i < rows; i++) sum += x[i * columns + this.thread.x]
    return sum`,
  )
  return { sumRows: ({ rows, columns, x, out }) => addInto(out, sum([columns], { x, rows, columns })) }
}
