import { createStream } from '@posttrain/core'

/** Random contents for buffers, from a seed. f32-representable, so that every device starts from the same numbers. */
export interface Draw {
  normal(count: number, scale?: number): number[]
  uniform(count: number): number[]
  indices(count: number, bound: number): Int32Array
}

export function draw(seed: number): Draw {
  const stream = createStream(seed, 'contents')
  const many = (count: number, next: () => number): number[] => Array.from({ length: count }, () => Math.fround(next()))
  return {
    // Box–Muller
    normal: (count, scale = 1) =>
      many(count, () => {
        const radius = Math.sqrt(-2 * Math.log(1 - stream.uniform()))
        return scale * radius * Math.cos(2 * Math.PI * stream.uniform())
      }),
    uniform: (count) => many(count, () => stream.uniform()),
    indices: (count, bound) => Int32Array.from({ length: count }, () => stream.integer(bound)),
  }
}
