import type { Device, DeviceBuffer } from '@posttrain/compute'

/** Gives out consecutive windows of `length` elements. */
export interface Allocator {
  floats(length: number): DeviceBuffer
  integers(length: number): DeviceBuffer
}

const ALIGNMENT = 64
const aligned = (length: number): number => Math.ceil(length / ALIGNMENT) * ALIGNMENT

/**
 * Two blocks of device memory, one of each type, from which the buffers of a pass are allocated. It grows to the
 * largest pass it has seen and is used again, so that a training loop allocates nothing.
 */
export class Workspace {
  #floats: DeviceBuffer | undefined
  #integers: DeviceBuffer | undefined

  constructor(private readonly device: Device) {}

  /** Builds a set of buffers; `build` runs twice, first to measure. The set is valid until the next call. */
  allocate<T>(build: (allocator: Allocator) => T): T {
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

/** Workspaces that are used again; a pass that awaits its backward keeps its own. */
export class WorkspacePool {
  readonly #idle: Workspace[] = []

  constructor(private readonly device: Device) {}

  take(): Workspace {
    return this.#idle.pop() ?? new Workspace(this.device)
  }

  giveBack(workspace: Workspace): void {
    this.#idle.push(workspace)
  }

  /** Lends one for a piece of work, whether it succeeds or throws. */
  async lend<T>(work: (workspace: Workspace) => Promise<T>): Promise<T> {
    const workspace = this.take()
    try {
      return await work(workspace)
    } finally {
      this.giveBack(workspace)
    }
  }

  /** Gives one to work whose result keeps it; takes it back at once if the work throws. */
  async give<T>(work: (workspace: Workspace) => Promise<T>): Promise<{ result: T; workspace: Workspace }> {
    const workspace = this.take()
    try {
      return { result: await work(workspace), workspace }
    } catch (error) {
      this.giveBack(workspace)
      throw error
    }
  }

  /** Frees the idle ones. */
  dispose(): void {
    for (const workspace of this.#idle.splice(0)) workspace.dispose()
  }
}
