import type { Device, DeviceBuffer } from '@posttrain/compute'
import type { Architecture } from './architecture.js'
import type { TransformerParameters } from './parameters.js'
import { rotaryAngles } from './rotary-angles.js'

/** What a pass runs: an architecture with weights on a device. */
export interface TransformerModel {
  readonly device: Device
  readonly architecture: Architecture
  readonly parameters: TransformerParameters
  /** The table of rotary positions, context × headSize. */
  readonly angles: DeviceBuffer | undefined
}

/** Puts an architecture's table of rotary angles on a device, if its positions are rotary. */
export function allocateAngles(
  device: Device,
  { positions, context, headSize }: Architecture,
): DeviceBuffer | undefined {
  if (positions === 'learned') return undefined
  const buffer = device.allocate(context * headSize)
  device.write(buffer, rotaryAngles(positions, context, headSize))
  return buffer
}
