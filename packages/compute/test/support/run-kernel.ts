import type { Device, DeviceBuffer } from '@posttrain/compute'

/** Contents of a buffer argument: numbers are f32, an Int32Array is i32. */
export type Contents = readonly number[] | Int32Array

/** One call of a kernel: sizes and settings, and the contents of its buffers beforehand. */
export interface KernelCall {
  readonly settings: Readonly<Record<string, unknown>>
  readonly buffers: Readonly<Record<string, Contents>>
}

/** Odd, so that windows do not begin on a vector's boundary. */
const MARGIN = 3
const SENTINEL = 1234567

/**
 * Runs a kernel on views into larger buffers and returns what all buffers hold afterwards.
 *
 * @throws if anything outside the views was written to, or if a buffer leaks.
 */
export async function runKernel(
  device: Device,
  kernel: string,
  { settings, buffers }: KernelCall,
): Promise<Record<string, Float64Array>> {
  const before = device.allocatedBytes
  const whole: Record<string, DeviceBuffer> = {}
  const views: Record<string, DeviceBuffer> = {}
  for (const [name, contents] of Object.entries(buffers)) {
    const buffer = device.allocate(contents.length + 2 * MARGIN, contents instanceof Int32Array ? 'i32' : 'f32')
    device.fill(buffer, SENTINEL)
    whole[name] = buffer
    views[name] = buffer.view(MARGIN, contents.length)
    device.write(views[name], contents)
  }
  const run = Reflect.get(device, kernel) as (args: object) => void
  run({ ...settings, ...views })
  const results: Record<string, Float64Array> = {}
  for (const [name, buffer] of Object.entries(whole)) {
    const all = await device.read(buffer)
    const outside = [...all.subarray(0, MARGIN), ...all.subarray(all.length - MARGIN)]
    if (outside.some((x) => x !== SENTINEL)) throw new Error(`${kernel} wrote outside ${name}: ${outside.join(', ')}`)
    results[name] = all.slice(MARGIN, all.length - MARGIN)
    buffer.dispose()
  }
  if (device.allocatedBytes !== before) throw new Error(`${kernel} leaked ${device.allocatedBytes - before} bytes`)
  return results
}
