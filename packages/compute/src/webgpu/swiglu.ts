import { functions } from './activation.js'
import { defineProgram } from './program.js'
import { groupsFor, type WebGpuKernel } from './runner.js'

const forward = defineProgram({
  name: 'swiglu',
  operands: { x: 'f32', out: 'f32' },
  writes: ['out'],
  sizes: ['length', 'columns'],
  numbers: [],
  declarations: functions.silu,
  body: `
  if (index >= u.length) { return; }
  let gate = index / u.columns * 2u * u.columns + index % u.columns;
  set_out(index, f(x(gate)) * x(gate + u.columns));
`,
})

/** ∂gate = SiLU′(gate)·up·∂out; ∂up = SiLU(gate)·∂out. */
const backward = defineProgram({
  name: 'swigluBackward',
  operands: { x: 'f32', gradOut: 'f32', gradX: 'f32' },
  writes: ['gradX'],
  sizes: ['length', 'columns'],
  numbers: [],
  declarations: functions.silu,
  body: `
  if (index >= u.length) { return; }
  let at = index / u.columns * 2u * u.columns + index % u.columns;
  let gate = x(at);
  let up = x(at + u.columns);
  set_gradX(at, slope(gate) * up * gradOut(index));
  set_gradX(at + u.columns, f(gate) * gradOut(index));
`,
})

/** out = SiLU(gate)·up */
export const swiglu: WebGpuKernel<'swiglu'> = (gpu, { rows, columns, x, out }) => {
  const length = rows * columns
  gpu.run(forward, { groups: groupsFor(length), operands: { x, out }, settings: { length, columns } })
}

/** The gradients of gate and up projection. */
export const swigluBackward: WebGpuKernel<'swigluBackward'> = (gpu, { rows, columns, x, gradOut, gradX }) => {
  const length = rows * columns
  gpu.run(backward, { groups: groupsFor(length), operands: { x, gradOut, gradX }, settings: { length, columns } })
}
