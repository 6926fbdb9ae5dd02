import { invalidArgument, requireInteger } from '@posttrain/core'
import { StoredBuffer } from '../buffer.js'
import type { KernelName, Kernels } from '../kernels.js'
import type { AnySignature, Dimension } from './signature.js'
import { signatures } from './signatures/index.js'

type Arguments = Readonly<Record<string, unknown>>

/** The value of a dimension in a call. */
export function sizeOf(dimension: Dimension, args: Arguments): number {
  if (typeof dimension === 'number') return dimension
  const names = typeof dimension === 'string' ? [dimension] : dimension
  return names.reduce((sum, name) => sum + (args[name] as number), 0)
}

const nameOf = (dimension: Dimension): string =>
  typeof dimension === 'object' ? `(${dimension.join(' + ')})` : String(dimension)

/**
 * Requires a buffer of this device that was not disposed.
 *
 * @throws PosttrainError `invalid-argument`, naming kernel and argument
 */
export function requireBuffer<Storage>(
  where: string,
  buffer: unknown,
  owns: (buffer: StoredBuffer<Storage>) => boolean,
): StoredBuffer<Storage> {
  if (!(buffer instanceof StoredBuffer)) {
    throw invalidArgument(`${where} must be a buffer of this device, but is ${typeof buffer}`)
  }
  const stored = buffer as StoredBuffer<Storage>
  if (!owns(stored)) throw invalidArgument(`${where} must be a buffer of this device, but belongs to another one`)
  if (!stored.allocation.live) throw invalidArgument(`${where} was disposed`, 'dispose a buffer after its last use')
  return stored
}

function checkLength(where: string, buffer: StoredBuffer<unknown>, shape: readonly Dimension[], args: Arguments): void {
  const sizes = shape.filter((d) => d !== '*')
  const unit = sizes.reduce<number>((product, d) => product * sizeOf(d, args), 1)
  const fits = sizes.length < shape.length ? buffer.length % unit === 0 : buffer.length === unit
  if (fits) return
  const multiple = sizes.length < shape.length ? 'a multiple of ' : ''
  const wanted = `${multiple}${sizes.map(nameOf).join(' × ')} = ${unit} elements`
  throw invalidArgument(`${where} must have ${wanted}, but has ${buffer.length}`, 'use a view for a part of a buffer')
}

function checkOverlap(kernel: string, signature: AnySignature, buffers: Map<string, StoredBuffer<unknown>>): void {
  for (const written of signature.writes) {
    const target = buffers.get(written)
    if (target === undefined) continue
    for (const [name, other] of buffers) {
      if (name === written || !target.overlaps(other)) continue
      const same = target.offset === other.offset && target.length === other.length
      const allowed = same && name === signature.inPlace && written === signature.writes[0]
      if (!allowed) throw invalidArgument(`${kernel}: ${written} must not overlap ${name}`, 'give it memory of its own')
    }
  }
}

/**
 * Checks the arguments of a kernel against its signature: sizes, presence, owner, dtype, length and overlap.
 *
 * @returns the buffers by argument name
 * @throws PosttrainError `invalid-argument`, naming kernel, argument and value
 */
export function checkArguments<Storage, K extends KernelName>(
  kernel: K,
  args: Kernels[K],
  owns: (buffer: StoredBuffer<Storage>) => boolean,
): Map<string, StoredBuffer<Storage>> {
  const signature: AnySignature = signatures[kernel]
  const given = args as unknown as Arguments
  for (const [name, min] of Object.entries(signature.sizes)) {
    requireInteger(`${kernel}: ${name}`, given[name] as number, { min })
  }
  const buffers = new Map<string, StoredBuffer<Storage>>()
  for (const [name, wanted] of Object.entries(signature.buffers)) {
    if (given[name] === undefined && wanted.optional) continue
    const where = `${kernel}: ${name}`
    const buffer = requireBuffer(where, given[name], owns)
    if (buffer.dtype !== wanted.dtype) {
      throw invalidArgument(`${where} must be ${wanted.dtype}, but is ${buffer.dtype}`)
    }
    checkLength(where, buffer, wanted.shape, given)
    buffers.set(name, buffer)
  }
  checkOverlap(kernel, signature, buffers)
  signature.also?.(args as never, kernel)
  return buffers
}
