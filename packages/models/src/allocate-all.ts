import type { Device, DeviceBuffer } from '@posttrain/compute'

type Buffers<Lengths extends readonly number[]> = { readonly [I in keyof Lengths]: DeviceBuffer }

/**
 * Buffers of several lengths, or none of them: if the device has no memory for one, those before it are freed.
 *
 * @throws PosttrainError `unsupported` as `Device.allocate`
 */
export function allocateAll<const Lengths extends readonly number[]>(
  device: Device,
  lengths: Lengths,
): Buffers<Lengths> {
  const made: DeviceBuffer[] = []
  try {
    for (const length of lengths) made.push(device.allocate(length))
  } catch (error) {
    for (const buffer of made) buffer.dispose()
    throw error
  }
  return made as unknown as Buffers<Lengths>
}
