import { invalidArgument } from '@posttrain/core'
import type { StoredBuffer } from '../buffer.js'
import type { KernelName } from '../kernels.js'
import { sizeOf } from './check-arguments.js'
import type { AnySignature, Dimension } from './signature.js'
import { signatures } from './signatures/index.js'

/** Elements per row of a buffer whose first dimension is its number of rows. */
const rowLength = (shape: readonly Dimension[], sizes: Readonly<Record<string, number>>): number =>
  shape.slice(1).reduce<number>((product, d) => product * sizeOf(d, sizes), 1)

/**
 * Checks that every index is in range: one out of range would read or write another buffer's memory. A table must have
 * rows if there are indices into it; the indices themselves are checked where memory can be read without waiting.
 *
 * @param contents the elements of a buffer, on such a device
 * @throws PosttrainError `invalid-argument`, naming kernel, argument and entry
 */
export function checkIndices<Storage>(
  kernel: KernelName,
  args: object,
  buffers: ReadonlyMap<string, StoredBuffer<Storage>>,
  contents: ((buffer: StoredBuffer<Storage>) => ArrayLike<number>) | undefined,
): void {
  const signature: AnySignature = signatures[kernel]
  for (const [name, { indexInto }] of Object.entries(signature.buffers)) {
    if (indexInto === undefined || !buffers.has(name)) continue
    const sizes = args as Readonly<Record<string, number>>
    const table = buffers.get(indexInto)
    const bound =
      table === undefined ? sizes[indexInto]! : table.length / rowLength(signature.buffers[indexInto]!.shape, sizes)
    const given = buffers.get(name)!
    if (bound === 0 && given.length > 0) {
      throw invalidArgument(`${kernel}: ${indexInto} has no rows, but ${given.length} are asked for`)
    }
    if (contents === undefined) continue
    const entries = contents(given)
    for (let i = 0; i < entries.length; i++) {
      const index = entries[i]!
      if (index >= 0 && index < bound) continue
      const size = table === undefined ? indexInto : `the number of rows of ${indexInto}`
      throw invalidArgument(`${kernel}: ${name}[${i}] must be at least 0 and below ${size} = ${bound}, but is ${index}`)
    }
  }
}
