import { EPSILON } from '../kernels/normalisation.js'
import { defineProgram, THREADS } from './program.js'
import { reductions } from './reductions.js'
import type { WebGpuKernel } from './runner.js'
import { columnGroups, columnSums, sumRows } from './sum-rows.js'

/** One workgroup per row: mean, then variance about it, then the row. */
const forward = defineProgram({
  name: 'layerNorm',
  operands: { x: 'f32', gain: 'f32', bias: 'f32', out: 'f32', statistics: 'f32' },
  writes: ['out', 'statistics'],
  sizes: ['columns'],
  numbers: ['epsilon'],
  declarations: reductions,
  body: `
  let start = group * u.columns;
  var sum = 0.0;
  for (var j = thread; j < u.columns; j += ${THREADS}u) { sum += x(start + j); }
  let mean = workgroup_sum(thread, sum) / f32(u.columns);
  var squares = 0.0;
  for (var j = thread; j < u.columns; j += ${THREADS}u) {
    let d = x(start + j) - mean;
    squares += d * d;
  }
  let r = 1.0 / sqrt(workgroup_sum(thread, squares) / f32(u.columns) + u.epsilon);
  for (var j = thread; j < u.columns; j += ${THREADS}u) {
    set_out(start + j, gain(j) * ((x(start + j) - mean) * r) + bias(j));
  }
  if (thread == 0u) {
    set_statistics(2u * group, mean);
    set_statistics(2u * group + 1u, r);
  }
`,
})

/** One workgroup per row: ∂x += r·(d − mean(d) − x̂·mean(d·x̂)) with d = g·∂y. */
const backwardRows = defineProgram({
  name: 'layerNormBackward',
  operands: { x: 'f32', gain: 'f32', statistics: 'f32', gradOut: 'f32', gradX: 'f32' },
  writes: ['gradX'],
  sizes: ['columns'],
  numbers: [],
  declarations: reductions,
  body: `
  let start = group * u.columns;
  let mean = statistics(2u * group);
  let r = statistics(2u * group + 1u);
  var sum_d = 0.0;
  var sum_dx = 0.0;
  for (var j = thread; j < u.columns; j += ${THREADS}u) {
    let d = gain(j) * gradOut(start + j);
    sum_d += d;
    sum_dx += d * ((x(start + j) - mean) * r);
  }
  let mean_d = workgroup_sum(thread, sum_d) / f32(u.columns);
  let mean_dx = workgroup_sum(thread, sum_dx) / f32(u.columns);
  for (var j = thread; j < u.columns; j += ${THREADS}u) {
    let at = start + j;
    set_gradX(at, gradX(at) + r * (gain(j) * gradOut(at) - mean_d - (x(at) - mean) * r * mean_dx));
  }
`,
})

/** ∂g += Σ ∂y·x̂ */
const backwardGain = defineProgram({
  name: 'layerNormBackward',
  operands: { x: 'f32', statistics: 'f32', gradOut: 'f32', out: 'f32' },
  writes: ['out'],
  sizes: ['rows', 'columns'],
  numbers: [],
  ...columnSums('gradOut(at) * ((x(at) - statistics(2u * row)) * statistics(2u * row + 1u))'),
})

/** out = (x − mean)·r·gain + bias */
export const layerNorm: WebGpuKernel<'layerNorm'> = (gpu, args) => {
  const { rows, columns, x, gain, bias, out, statistics, epsilon = EPSILON } = args
  gpu.run(forward, {
    groups: rows,
    operands: { x, gain, bias, out, statistics },
    settings: { columns, epsilon },
  })
}

/** The gradients of x, and sums over the rows for gain and bias. */
export const layerNormBackward: WebGpuKernel<'layerNormBackward'> = (gpu, args) => {
  const { rows, columns, x, gain, statistics, gradOut, gradX, gradGain, gradBias } = args
  gpu.run(backwardRows, { groups: rows, operands: { x, gain, statistics, gradOut, gradX }, settings: { columns } })
  gpu.run(backwardGain, {
    groups: columnGroups(rows, columns),
    operands: { x, statistics, gradOut, out: gradGain },
    settings: { rows, columns },
  })
  sumRows(gpu, { rows, columns, x: gradOut, out: gradBias })
}
