import type { Implementations } from '../implementation.js'
import { sigmoid } from './activation.js'
import type { Compile, Place } from './compile.js'

/** silu(gate)·up and its reverse, entry by entry. */
export function swiglu(compile: Compile): Implementations<Place, 'swiglu' | 'swigluBackward'> {
  const forward = compile(
    { x: 'array', columns: 'integer' },
    `const gate = x[2 * this.thread.y * columns + this.thread.x]
    return gate * ${sigmoid('gate')} * x[(2 * this.thread.y + 1) * columns + this.thread.x]`,
  )
  // Plane 0 is the gates', plane 1 the projections' gradient.
  const backward = compile(
    { x: 'array', gradOut: 'array', columns: 'integer' },
    `const gate = x[2 * this.thread.y * columns + this.thread.x]
    const up = x[(2 * this.thread.y + 1) * columns + this.thread.x]
    const s = ${sigmoid('gate')}
    let slope = gate * s
    if (this.thread.z < 1) slope = s * (1 + gate * ${sigmoid('-gate')}) * up
    return slope * gradOut[this.thread.y * columns + this.thread.x]`,
  )
  return {
    swiglu: ({ rows, columns, x, out }) => out.set(forward([rows, columns], { x, columns })),
    swigluBackward({ rows, columns, x, gradOut, gradX }) {
      const planes = backward([2, rows, columns], { x, gradOut, columns })
      for (let i = 0; i < rows; i++) {
        gradX.set(planes.subarray(i * columns, (i + 1) * columns), 2 * i * columns)
        gradX.set(planes.subarray((rows + i) * columns, (rows + i + 1) * columns), (2 * i + 1) * columns)
      }
    },
  }
}
