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
 * Checks that every index is in range: one out of range would read or write another buffer's memory. Only devices whose
 * memory can be read without waiting check indices.
 *
 * @throws PosttrainError `invalid-argument`, naming kernel, argument and entry
 */
export function checkIndices<Storage>(
  kernel: KernelName,
  args: object,
  buffers: ReadonlyMap<string, StoredBuffer<Storage>>,
  contents: (buffer: StoredBuffer<Storage>) => ArrayLike<number>,
): void {
  const signature: AnySignature = signatures[kernel]
  for (const [name, { indexInto }] of Object.entries(signature.buffers)) {
    if (indexInto === undefined || !buffers.has(name)) continue
    const sizes = args as Readonly<Record<string, number>>
    const table = buffers.get(indexInto)
    const bound =
      table === undefined ? sizes[indexInto]! : table.length / rowLength(signature.buffers[indexInto]!.shape, sizes)
    const entries = contents(buffers.get(name)!)
    for (let i = 0; i < entries.length; i++) {
      const index = entries[i]!
      if (index >= 0 && index < bound) continue
      const size = table === undefined ? indexInto : `the number of rows of ${indexInto}`
      throw invalidArgument(`${kernel}: ${name}[${i}] must be at least 0 and below ${size} = ${bound}, but is ${index}`)
    }
  }
}
