import { invalidArgument, requireInteger } from '@posttrain/core'
import type { StoredBuffer } from '../buffer.js'
import type { KernelName, Kernels } from '../kernels.js'
import { requireBuffer } from './check-buffer.js'
import type { AnySignature, BufferRequirement, Dimension } from './signature.js'
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

/** A signature as lists, each argument with its name in messages. */
interface Checklist {
  readonly sizes: readonly {
    readonly name: string
    readonly where: string
    readonly bounds: { readonly min: number }
  }[]
  readonly buffers: readonly { readonly name: string; readonly where: string; readonly wanted: BufferRequirement }[]
}

const checklistOf = (kernel: string, { sizes, buffers }: AnySignature): Checklist => ({
  sizes: Object.entries(sizes).map(([name, min]) => ({ name, where: `${kernel}: ${name}`, bounds: { min } })),
  buffers: Object.entries(buffers).map(([name, wanted]) => ({ name, where: `${kernel}: ${name}`, wanted })),
})

/** Made once: a model calls kernels a hundred thousand times a minute. */
const checklists = Object.fromEntries(
  Object.entries(signatures).map(([kernel, signature]) => [kernel, checklistOf(kernel, signature as AnySignature)]),
) as Readonly<Record<KernelName, Checklist>>

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
  if (typeof args !== 'object' || args === null) {
    throw invalidArgument(`${kernel}: the arguments must be one object, but are ${typeof args}`)
  }
  const given = args as unknown as Arguments
  const { sizes, buffers: required } = checklists[kernel]
  for (const { name, where, bounds } of sizes) requireInteger(where, given[name] as number, bounds)
  const buffers = new Map<string, StoredBuffer<Storage>>()
  for (const { name, where, wanted } of required) {
    if (given[name] === undefined && wanted.optional) continue
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

/**
 * True if every buffer that a kernel writes is empty: there is nothing to do, and its other sizes, which no buffer then
 * bounds, reach no implementation.
 */
export const writesNothing = (kernel: KernelName, buffers: ReadonlyMap<string, StoredBuffer<unknown>>): boolean =>
  signatures[kernel].writes.every((name) => (buffers.get(name)?.length ?? 0) === 0)
