import { clampIndex, rowsOf } from './clamp-index.js'
import { defineProgram } from './program.js'
import { groupsFor, type WebGpuKernel } from './runner.js'

/** One thread per pair of entries. */
const program = defineProgram({
  name: 'rotary',
  operands: { x: 'f32', positions: 'i32', angles: 'f32' },
  writes: ['x'],
  sizes: ['length', 'heads', 'half', 'columns', 'context'],
  numbers: ['direction'],
  declarations: clampIndex,
  body: `
  if (index >= u.length) { return; }
  let i = index % u.half;
  let head = index / u.half % u.heads;
  let row = index / (u.half * u.heads);
  let angle = 2u * u.half * clamp_index(positions(row), u.context) + i;
  let cosine = angles(angle);
  let sine = angles(angle + u.half) * u.direction;
  let at = row * u.columns + head * 2u * u.half + i;
  let a = x(at);
  let b = x(at + u.half);
  set_x(at, a * cosine - b * sine);
  set_x(at + u.half, b * cosine + a * sine);
`,
})

/** Turns pairs of entries by the angles of their row's position. */
export const rotary: WebGpuKernel<'rotary'> = (gpu, args) => {
  const { rows, heads, headSize, columns, x, positions, angles, inverse } = args
  const half = headSize / 2
  const length = rows * heads * half
  const context = rowsOf(angles, headSize)
  gpu.run(program, {
    groups: groupsFor(length),
    operands: { x, positions, angles },
    settings: { length, heads, half, columns, context, direction: inverse ? -1 : 1 },
  })
}
