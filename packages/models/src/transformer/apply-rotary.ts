import type { DeviceBuffer } from '@posttrain/compute'
import type { TransformerModel } from './model.js'

/** Rotary positions of a packed row's queries and keys, in place; nothing with learned positions. */
export function applyRotary(
  { device, architecture, angles }: TransformerModel,
  rows: number,
  qkv: DeviceBuffer,
  positions: DeviceBuffer,
  inverse = false,
): void {
  if (!angles) return
  const { heads, keyValueHeads, headSize, packedWidth: columns } = architecture
  device.rotary({ rows, heads: heads + keyValueHeads, headSize, columns, x: qkv, positions, angles, inverse })
}
