import { invalidArgument } from '@posttrain/core'
import { StoredBuffer } from '../buffer.js'

/**
 * Requires a buffer of this device that was not disposed, and a window inside its memory.
 *
 * @throws PosttrainError `invalid-argument`, naming the call and the argument
 */
export function requireBuffer<Storage>(
  where: string,
  buffer: unknown,
  owns: (buffer: StoredBuffer<Storage>) => boolean,
): StoredBuffer<Storage> {
  if (!(buffer instanceof StoredBuffer)) {
    throw invalidArgument(
      `${where} must be a buffer of this device, but is ${buffer === null ? 'null' : typeof buffer}`,
    )
  }
  const stored = buffer as StoredBuffer<Storage>
  if (!owns(stored)) throw invalidArgument(`${where} must be a buffer of this device, but belongs to another one`)
  const { allocation, offset, length } = stored
  if (!allocation.live) throw invalidArgument(`${where} was disposed`, 'dispose a buffer after its last use')
  const isInside = offset >= 0 && length >= 0 && offset + length <= allocation.length
  if (isInside && Number.isInteger(offset) && Number.isInteger(length)) return stored
  throw invalidArgument(
    `${where} has ${length} elements from ${offset} on, but its memory has ${allocation.length}`,
    'take a part of a buffer with view',
  )
}
