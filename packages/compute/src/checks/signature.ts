import type { DeviceBuffer, DType } from '../device-buffer.js'
import type { KernelArguments, KernelName } from '../kernels.js'

type KeysOf<Arguments, Kind> = {
  [K in keyof Arguments]-?: NonNullable<Arguments[K]> extends Kind ? K : never
}[keyof Arguments] &
  string

/** A dimension: a size of the kernel by its name, a sum of sizes, a number, or `*` for any whole number of what follows. */
export type Dimension = string | readonly string[] | number

/** What a buffer must be. */
export interface BufferRequirement {
  readonly dtype: DType
  readonly shape: readonly Dimension[]
  readonly optional: boolean
  /** The entries are indices: at least 0 and below this size, or below the number of rows of this buffer. */
  readonly indexInto?: string
}

/** Everything about a kernel's arguments that can be checked before it runs. */
export interface Signature<Arguments> {
  /** Least value of every size. */
  readonly sizes: { readonly [K in KeysOf<Arguments, number>]?: number }
  readonly buffers: { readonly [K in KeysOf<Arguments, DeviceBuffer>]: BufferRequirement }
  /** Buffers written to; none of them may overlap another buffer of the call … */
  readonly writes: readonly KeysOf<Arguments, DeviceBuffer>[]
  /** … but for this one, which may be given as the first of `writes` too. */
  readonly inPlace?: KeysOf<Arguments, DeviceBuffer>
  /** What the table cannot say; returns a complaint. */
  readonly also?: (args: Arguments) => string | undefined
}

/** Signatures by kernel. */
export type SignaturesOf<K extends KernelName> = { readonly [N in K]: Signature<KernelArguments<N>> }

/** A signature whose kernel is not known: names are strings. */
export interface AnySignature {
  readonly sizes: Readonly<Record<string, number>>
  readonly buffers: Readonly<Record<string, BufferRequirement>>
  readonly writes: readonly string[]
  readonly inPlace?: string
  readonly also?: (args: never) => string | undefined
}

export const f32 = (...shape: readonly Dimension[]): BufferRequirement => ({ dtype: 'f32', shape, optional: false })

export const optional = (buffer: BufferRequirement): BufferRequirement => ({ ...buffer, optional: true })

export const i32 = (...shape: readonly Dimension[]): BufferRequirement => ({ dtype: 'i32', shape, optional: false })

/** Integers that index another argument. */
export const indices = (indexInto: string, ...shape: readonly Dimension[]): BufferRequirement => ({
  dtype: 'i32',
  shape,
  optional: false,
  indexInto,
})
