import type { Implementations } from '../implementation.js'
import type { Compile, Place } from './compile.js'

/** Each turned entry from itself and its partner half a head away. */
export function rotary(compile: Compile): Implementations<Place, 'rotary'> {
  // this.thread: z the row, y the head, x the entry of the head.
  const turn = compile(
    { x: 'array', positions: 'array', angles: 'array', columns: 'integer', half: 'integer', direction: 'number' },
    `const start = this.thread.z * columns + this.thread.y * 2 * half
    let i = this.thread.x
    let partner = this.thread.x + half
    let sign = -direction
    if (this.thread.x >= half) {
      i = this.thread.x - half
      partner = i
      sign = direction
    }
    const angle = positions[this.thread.z] * 2 * half + i
    return x[start + this.thread.x] * angles[angle] + sign * x[start + partner] * angles[angle + half]`,
  )
  return {
    rotary({ rows, heads, headSize, columns, x, positions, angles, inverse }) {
      const sizes = { columns, half: headSize / 2, direction: inverse ? -1 : 1 }
      const turned = turn([rows, heads, headSize], { x, positions, angles, ...sizes })
      const width = heads * headSize
      for (let row = 0; row < rows; row++) x.set(turned.subarray(row * width, (row + 1) * width), row * columns)
    },
  }
}
