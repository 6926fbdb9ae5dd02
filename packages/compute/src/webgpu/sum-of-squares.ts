import { defineProgram, THREADS } from './program.js'
import { reductions } from './reductions.js'
import type { GpuPlace, Runner } from './runner.js'

/** Partial sums that are read back: enough to fill a GPU. */
const PARTS = 1024

const program = defineProgram({
  name: 'sumOfSquares',
  operands: { x: 'f32', out: 'f32' },
  writes: ['out'],
  sizes: ['length'],
  numbers: [],
  declarations: reductions,
  body: `
  var sum = 0.0;
  for (var i = index; i < u.length; i += u.groups * ${THREADS}u) { sum += x(i) * x(i); }
  let total = workgroup_sum(thread, sum);
  if (thread == 0u) { set_out(group, total); }
`,
})

/** Σ x² in parts, each in f32; the host adds them in float64. */
export function sumOfSquares(gpu: Runner, x: GpuPlace): GpuPlace {
  const groups = Math.min(PARTS, Math.ceil(x.length / THREADS))
  const out = gpu.scratch(groups)
  gpu.run(program, { groups, operands: { x, out }, settings: { length: x.length } })
  return out
}
