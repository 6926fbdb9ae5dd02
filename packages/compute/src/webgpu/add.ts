import { defineProgram } from './program.js'
import { groupsFor, type WebGpuKernel } from './runner.js'

const program = defineProgram({
  name: 'add',
  operands: { x: 'f32', out: 'f32' },
  writes: ['out'],
  sizes: ['length'],
  numbers: ['scale'],
  body: 'if (index < u.length) { set_out(index, out(index) + u.scale * x(index)); }',
})

/** out += scale·x */
export const add: WebGpuKernel<'add'> = (gpu, { length, x, out, scale = 1 }) =>
  gpu.run(program, { groups: groupsFor(length), operands: { x, out }, settings: { length, scale } })
