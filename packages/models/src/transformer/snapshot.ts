import type { DeviceBuffer } from '@posttrain/compute'
import type { PolicySnapshot } from '@posttrain/core'

/** Frozen weights of a transformer, on its device. */
export class TransformerSnapshot implements PolicySnapshot {
  constructor(
    readonly version: string,
    readonly parameters: DeviceBuffer,
  ) {}

  dispose(): void {
    this.parameters.dispose()
  }
}
