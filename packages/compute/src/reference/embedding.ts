import type { ReferenceKernel } from './reference-kernel.js'

/** out[row] = tokenTable[tokens[row]] (+ positionTable[positions[row]]). */
export const embedding: ReferenceKernel<'embedding'> = (args) => {
  const { rows, columns, tokens, positions, tokenTable, positionTable, out } = args
  for (let row = 0; row < rows; row++) {
    for (let j = 0; j < columns; j++) {
      const position = positionTable === undefined ? 0 : positionTable[positions![row]! * columns + j]!
      out[row * columns + j] = tokenTable[tokens[row]! * columns + j]! + position
    }
  }
}

/** Adds each row's gradient to the rows of its token and of its position. */
export const embeddingBackward: ReferenceKernel<'embeddingBackward'> = (args) => {
  const { rows, columns, tokens, positions, gradOut, gradTokenTable, gradPositionTable } = args
  for (let row = 0; row < rows; row++) {
    for (let j = 0; j < columns; j++) {
      gradTokenTable[tokens[row]! * columns + j]! += gradOut[row * columns + j]!
      if (gradPositionTable) gradPositionTable[positions![row]! * columns + j]! += gradOut[row * columns + j]!
    }
  }
}
