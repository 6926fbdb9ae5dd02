import { defineProgram, THREADS } from './program.js'
import type { WebGpuKernel } from './runner.js'

/** Columns of a workgroup; its threads share the rows of each. */
const COLUMNS = 8

/**
 * The part of a program that adds a term over the rows of each column to `out`. Eight threads take a column's rows in
 * turn, then their sums are added, in the same order every time.
 *
 * @param term WGSL of `at`, `row` and `column`
 */
export const columnSums = (term: string): { declarations: string; body: string } => ({
  declarations: `var<workgroup> sums: array<f32, ${THREADS}>;`,
  body: `
  let column = group * ${COLUMNS}u + thread % ${COLUMNS}u;
  var sum = 0.0;
  if (column < u.columns) {
    for (var row = thread / ${COLUMNS}u; row < u.rows; row += ${THREADS / COLUMNS}u) {
      let at = row * u.columns + column;
      sum += ${term};
    }
  }
  sums[thread] = sum;
  workgroupBarrier();
  for (var step = ${THREADS / 2}u; step >= ${COLUMNS}u; step /= 2u) {
    if (thread < step) { sums[thread] += sums[thread + step]; }
    workgroupBarrier();
  }
  if (thread < ${COLUMNS}u && column < u.columns) { set_out(column, out(column) + sums[thread]); }
`,
})

/** Workgroups of a program with `columnSums`; none if there is nothing to add. */
export const columnGroups = (rows: number, columns: number): number => (rows === 0 ? 0 : Math.ceil(columns / COLUMNS))

const program = defineProgram({
  name: 'sumRows',
  operands: { x: 'f32', out: 'f32' },
  writes: ['out'],
  sizes: ['rows', 'columns'],
  numbers: [],
  ...columnSums('x(at)'),
})

/** out[j] += Σ_i x[i,j] */
export const sumRows: WebGpuKernel<'sumRows'> = (gpu, { rows, columns, x, out }) =>
  gpu.run(program, { groups: columnGroups(rows, columns), operands: { x, out }, settings: { rows, columns } })
