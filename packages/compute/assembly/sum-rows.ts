import { addRow } from './elementwise'
import { BLOCK } from './row-blocks'
import { paddedBytes, zeroFloats } from './simd'

export function sumRowsScratchBytes(columns: i32): usize {
  return paddedBytes(columns)
}

/** part += the sum of eight rows, which are eight sequential streams through memory. */
function addEightRows(columns: i32, x: usize, width: usize, part: usize): void {
  const x2 = x + 2 * width,
    x4 = x + 4 * width,
    x6 = x + 6 * width
  const vectors = (<usize>(columns & ~3)) << 2
  for (let j: usize = 0; j < vectors; j += 16) {
    const s01 = f32x4.add(v128.load(x + j), v128.load(x + width + j))
    const s23 = f32x4.add(v128.load(x2 + j), v128.load(x2 + width + j))
    const s45 = f32x4.add(v128.load(x4 + j), v128.load(x4 + width + j))
    const s67 = f32x4.add(v128.load(x6 + j), v128.load(x6 + width + j))
    const sum = f32x4.add(f32x4.add(s01, s23), f32x4.add(s45, s67))
    v128.store(part + j, f32x4.add(v128.load(part + j), sum))
  }
  for (let j = vectors; j < (<usize>columns) << 2; j += 4) {
    let sum: f32 = 0
    for (let p = x + j; p < x + 8 * width; p += width) sum += f32.load(p)
    f32.store(part + j, f32.load(part + j) + sum)
  }
}

/** out[j] += Σᵢ x[i,j] for the columns of the range, in blocks of rows. */
export function sumRows(from: i32, to: i32, rows: i32, columns: i32, x: usize, out: usize, scratch: usize): void {
  const width = (<usize>columns) << 2
  const count = to - from
  x += (<usize>from) << 2
  out += (<usize>from) << 2
  for (let i = 0; i < rows; i += BLOCK) {
    const end = min(BLOCK, rows - i)
    zeroFloats(scratch, count)
    let r = 0
    for (; r + 8 <= end; r += 8, x += 8 * width) addEightRows(count, x, width, scratch)
    for (; r < end; r++, x += width) addRow(count, x, scratch)
    addRow(count, scratch, out)
  }
}
