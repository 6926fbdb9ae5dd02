import type { DeviceBuffer } from '@posttrain/compute'
import type { TransformerModel } from './model.js'

/** The feed-forward activation, from rows × expandedWidth to rows × hidden. `out` is not `expanded`. */
export function activate(
  { device, architecture: { activation: kind, hidden } }: TransformerModel,
  rows: number,
  expanded: DeviceBuffer,
  out: DeviceBuffer,
): void {
  if (kind === 'swiglu') device.swiglu({ rows, columns: hidden, x: expanded, out })
  else device.activation({ kind, length: rows * hidden, x: expanded, out })
}

/** Its reverse; `gradExpanded` is replaced. */
export function activateBackward(
  { device, architecture: { activation: kind, hidden } }: TransformerModel,
  rows: number,
  expanded: DeviceBuffer,
  gradOut: DeviceBuffer,
  gradExpanded: DeviceBuffer,
): void {
  if (kind === 'swiglu') device.swigluBackward({ rows, columns: hidden, x: expanded, gradOut, gradX: gradExpanded })
  else device.activationBackward({ kind, length: rows * hidden, x: expanded, gradOut, gradX: gradExpanded })
}
