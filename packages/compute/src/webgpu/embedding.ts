import { clampIndex, rowsOf } from './clamp-index.js'
import { defineProgram } from './program.js'
import { scatterAdd } from './rows.js'
import { groupsFor, type WebGpuKernel } from './runner.js'

const program = defineProgram({
  name: 'embedding',
  operands: { tokens: 'i32', positions: 'i32', tokenTable: 'f32', positionTable: 'f32', out: 'f32' },
  writes: ['out'],
  sizes: ['length', 'columns', 'tokenRows', 'positionRows'],
  numbers: [],
  declarations: clampIndex,
  body: `
  if (index >= u.length) { return; }
  let row = index / u.columns;
  let column = index % u.columns;
  var value = tokenTable(clamp_index(tokens(row), u.tokenRows) * u.columns + column);
  if (u.positionRows > 0u) {
    value += positionTable(clamp_index(positions(row), u.positionRows) * u.columns + column);
  }
  set_out(index, value);
`,
})

/** out[row] = tokenTable[tokens[row]] (+ positionTable[positions[row]]) */
export const embedding: WebGpuKernel<'embedding'> = (gpu, args) => {
  const { rows, columns, tokens, positions = tokens, tokenTable, positionTable, out } = args
  const length = rows * columns
  const tokenRows = rowsOf(tokenTable, columns)
  const positionRows = positionTable ? rowsOf(positionTable, columns) : 0
  gpu.run(program, {
    groups: groupsFor(length),
    operands: { tokens, positions, tokenTable, positionTable: positionTable ?? tokenTable, out },
    settings: { length, columns, tokenRows, positionRows },
  })
}

/** Adds each row's gradient to the rows of its token and of its position. */
export const embeddingBackward: WebGpuKernel<'embeddingBackward'> = (gpu, args) => {
  const { rows, columns, tokens, positions, gradOut: source, gradTokenTable, gradPositionTable } = args
  const sizes = { rows, columns }
  scatterAdd(gpu, sizes, { source, indices: tokens, out: gradTokenTable })
  if (positions === undefined || gradPositionTable === undefined) return
  scatterAdd(gpu, sizes, { source, indices: positions, out: gradPositionTable })
}
