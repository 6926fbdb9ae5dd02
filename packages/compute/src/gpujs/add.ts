import type { Implementations } from '../implementation.js'
import type { Compile, Place } from './compile.js'

/** out += scale·x. */
export function add(compile: Compile): Implementations<Place, 'add'> {
  const sum = compile(
    { x: 'array', out: 'array', scale: 'number' },
    'return out[this.thread.x] + scale * x[this.thread.x]',
  )
  return { add: ({ length, x, out, scale = 1 }) => out.set(sum([length], { x, out, scale })) }
}
