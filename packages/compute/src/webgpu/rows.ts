import { clampIndex, rowsOf } from './clamp-index.js'
import { defineProgram } from './program.js'
import { type GpuPlace, groupsFor, type Runner, type WebGpuKernel } from './runner.js'

const gather = defineProgram({
  name: 'gatherRows',
  operands: { source: 'f32', indices: 'i32', out: 'f32' },
  writes: ['out'],
  sizes: ['length', 'columns', 'sourceRows'],
  numbers: [],
  declarations: clampIndex,
  body: `
  if (index >= u.length) { return; }
  let row = clamp_index(indices(index / u.columns), u.sourceRows);
  set_out(index, source(row * u.columns + index % u.columns));
`,
})

/** Threads per column of the table: each has the rows whose number leaves the same remainder. */
const LANES = 16

/** Only one thread adds to an entry of the table, in the order of the rows: no atomics, and the same bits each time. */
const scatter = defineProgram({
  name: 'scatterAddRows',
  operands: { source: 'f32', indices: 'i32', out: 'f32' },
  writes: ['out'],
  sizes: ['rows', 'columns', 'outRows'],
  numbers: [],
  declarations: clampIndex,
  body: `
  let column = index % u.columns;
  let lane = index / u.columns;
  if (lane >= ${LANES}u) { return; }
  for (var row = 0u; row < u.rows; row++) {
    let into = clamp_index(indices(row), u.outRows);
    if (into % ${LANES}u != lane) { continue; }
    let at = into * u.columns + column;
    set_out(at, out(at) + source(row * u.columns + column));
  }
`,
})

/** out[row] = source[indices[row]] */
export const gatherRows: WebGpuKernel<'gatherRows'> = (gpu, { rows, columns, source, indices, out }) => {
  const length = rows * columns
  const sourceRows = rowsOf(source, columns)
  gpu.run(gather, {
    groups: groupsFor(length),
    operands: { source, indices, out },
    settings: { length, columns, sourceRows },
  })
}

/** Adds rows to a table, by index. */
export function scatterAdd(
  gpu: Runner,
  sizes: { readonly rows: number; readonly columns: number },
  operands: Readonly<Record<'source' | 'indices' | 'out', GpuPlace>>,
): void {
  const { rows, columns } = sizes
  const outRows = rowsOf(operands.out, columns)
  const groups = rows === 0 ? 0 : groupsFor(columns * Math.min(LANES, outRows))
  gpu.run(scatter, { groups, operands, settings: { rows, columns, outRows } })
}

/** out[indices[row]] += source[row] */
export const scatterAddRows: WebGpuKernel<'scatterAddRows'> = (gpu, { rows, columns, source, indices, out }) =>
  scatterAdd(gpu, { rows, columns }, { source, indices, out })
