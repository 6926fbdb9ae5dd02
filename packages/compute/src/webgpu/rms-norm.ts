import { EPSILON } from '../kernels/normalisation.js'
import { defineProgram, THREADS } from './program.js'
import { reductions } from './reductions.js'
import type { WebGpuKernel } from './runner.js'
import { columnGroups, columnSums } from './sum-rows.js'

/** One workgroup per row. */
const forward = defineProgram({
  name: 'rmsNorm',
  operands: { x: 'f32', gain: 'f32', out: 'f32', statistics: 'f32' },
  writes: ['out', 'statistics'],
  sizes: ['columns'],
  numbers: ['epsilon'],
  declarations: reductions,
  body: `
  let start = group * u.columns;
  var squares = 0.0;
  for (var j = thread; j < u.columns; j += ${THREADS}u) { squares += x(start + j) * x(start + j); }
  let r = 1.0 / sqrt(workgroup_sum(thread, squares) / f32(u.columns) + u.epsilon);
  for (var j = thread; j < u.columns; j += ${THREADS}u) { set_out(start + j, gain(j) * (x(start + j) * r)); }
  if (thread == 0u) { set_statistics(group, r); }
`,
})

/** One workgroup per row: ∂x += r·(d − x̂·mean(d·x̂)) with d = g·∂y. */
const backwardRows = defineProgram({
  name: 'rmsNormBackward',
  operands: { x: 'f32', gain: 'f32', statistics: 'f32', gradOut: 'f32', gradX: 'f32' },
  writes: ['gradX'],
  sizes: ['columns'],
  numbers: [],
  declarations: reductions,
  body: `
  let start = group * u.columns;
  let r = statistics(group);
  var sum = 0.0;
  for (var j = thread; j < u.columns; j += ${THREADS}u) { sum += gain(j) * gradOut(start + j) * (x(start + j) * r); }
  let mean = workgroup_sum(thread, sum) / f32(u.columns);
  for (var j = thread; j < u.columns; j += ${THREADS}u) {
    let at = start + j;
    set_gradX(at, gradX(at) + r * (gain(j) * gradOut(at) - x(at) * r * mean));
  }
`,
})

/** ∂g += Σ ∂y·x̂ */
const backwardGain = defineProgram({
  name: 'rmsNormBackward',
  operands: { x: 'f32', statistics: 'f32', gradOut: 'f32', out: 'f32' },
  writes: ['out'],
  sizes: ['rows', 'columns'],
  numbers: [],
  ...columnSums('gradOut(at) * (x(at) * statistics(row))'),
})

/** out = x·r·gain */
export const rmsNorm: WebGpuKernel<'rmsNorm'> = (gpu, args) => {
  const { rows, columns, x, gain, out, statistics, epsilon = EPSILON } = args
  gpu.run(forward, { groups: rows, operands: { x, gain, out, statistics }, settings: { columns, epsilon } })
}

/** The gradients of x, and sums over the rows for the gain. */
export const rmsNormBackward: WebGpuKernel<'rmsNormBackward'> = (gpu, args) => {
  const { rows, columns, x, gain, statistics, gradOut, gradX, gradGain } = args
  gpu.run(backwardRows, { groups: rows, operands: { x, gain, statistics, gradOut, gradX }, settings: { columns } })
  gpu.run(backwardGain, {
    groups: columnGroups(rows, columns),
    operands: { x, statistics, gradOut, out: gradGain },
    settings: { rows, columns },
  })
}
