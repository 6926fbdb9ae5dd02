import type { DeviceBuffer, DType } from '../device-buffer.js'
import type { KernelName, Kernels } from '../kernels.js'

type KeysOf<Arguments, Kind> = {
  [K in keyof Arguments]-?: NonNullable<Arguments[K]> extends Kind ? K : never
}[keyof Arguments] &
  string

/** A dimension: the name of a size, names of sizes to add, a number, or `*` for any number of rows. */
export type Dimension = string | readonly string[] | number

/** What a buffer must be. */
export interface BufferRequirement {
  readonly dtype: DType
  readonly shape: readonly Dimension[]
  readonly optional: boolean
  /** Present if the entries are indices: they are below this size, or below the number of rows of this buffer. */
  readonly indexInto?: string | undefined
}

/** Everything about a kernel's arguments that can be checked before it runs. */
export interface Signature<Arguments> {
  /** The least value of each size; a size must be an integer. */
  readonly sizes: { readonly [K in KeysOf<Arguments, number>]?: number }
  readonly buffers: { readonly [K in KeysOf<Arguments, DeviceBuffer>]: BufferRequirement }
  /** Buffers written to; none of them may overlap another buffer of the call, except `inPlace`. */
  readonly writes: readonly KeysOf<Arguments, DeviceBuffer>[]
  /** A buffer that may be the same as the first of `writes`. */
  readonly inPlace?: KeysOf<Arguments, DeviceBuffer> | undefined
  /** Checks what the table cannot say. @throws PosttrainError `invalid-argument`, naming the kernel */
  readonly also?: ((args: Arguments, kernel: string) => void) | undefined
}

/** Signatures by kernel. */
export type SignaturesOf<K extends KernelName> = { readonly [N in K]: Signature<Kernels[N]> }

/** The signature of any kernel: names are strings. */
export interface AnySignature {
  readonly sizes: Readonly<Record<string, number>>
  readonly buffers: Readonly<Record<string, BufferRequirement>>
  readonly writes: readonly string[]
  readonly inPlace?: string | undefined
  readonly also?: ((args: never, kernel: string) => void) | undefined
}

/** Numbers. */
export const f32 = (...shape: readonly Dimension[]): BufferRequirement => ({ dtype: 'f32', shape, optional: false })

/** A buffer that need not be given. */
export const optional = (buffer: BufferRequirement): BufferRequirement => ({ ...buffer, optional: true })

/** Integers. */
export const i32 = (...shape: readonly Dimension[]): BufferRequirement => ({ dtype: 'i32', shape, optional: false })

/** Indices into another argument. */
export const indices = (indexInto: string, ...shape: readonly Dimension[]): BufferRequirement => ({
  dtype: 'i32',
  shape,
  optional: false,
  indexInto,
})
