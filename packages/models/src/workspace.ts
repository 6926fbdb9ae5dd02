import type { Device, DeviceBuffer } from '@posttrain/compute'

/** Hands out consecutive windows of `length` elements. */
export interface Carver {
  floats(length: number): DeviceBuffer
  integers(length: number): DeviceBuffer
}

const ALIGNMENT = 64
const aligned = (length: number): number => Math.ceil(length / ALIGNMENT) * ALIGNMENT

/**
 * Two blocks of device memory, one of each type, from which the buffers of a pass are carved. It grows to the
 * largest pass it has seen and is used again, so that a training loop allocates nothing.
 */
export class Workspace {
  #floats: DeviceBuffer | undefined
  #integers: DeviceBuffer | undefined

  constructor(private readonly device: Device) {}

  /** Builds a set of buffers; `build` runs twice, first to measure. The set is valid until the next call. */
  carve<T>(build: (carver: Carver) => T): T {
    let floats = 0
    let integers = 0
    const nothing = undefined as unknown as DeviceBuffer
    build({
      floats: (length) => ((floats += aligned(length)), nothing),
      integers: (length) => ((integers += aligned(length)), nothing),
    })
    const floatBlock = (this.#floats = this.#grown(this.#floats, floats, 'f32'))
    const integerBlock = (this.#integers = this.#grown(this.#integers, integers, 'i32'))
    floats = 0
    integers = 0
    return build({
      floats: (length) => floatBlock.view((floats += aligned(length)) - aligned(length), length),
      integers: (length) => integerBlock.view((integers += aligned(length)) - aligned(length), length),
    })
  }

  #grown(block: DeviceBuffer | undefined, length: number, dtype: 'f32' | 'i32'): DeviceBuffer {
    if (block && block.length >= length) return block
    block?.dispose()
    return this.device.allocate(length, dtype)
  }

  dispose(): void {
    this.#floats?.dispose()
    this.#integers?.dispose()
    this.#floats = this.#integers = undefined
  }
}
