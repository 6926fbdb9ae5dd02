import type { Device } from '@posttrain/compute'
import { difference } from './difference.js'
import { draw } from './draw.js'
import { runKernel } from './run-kernel.js'

/** The largest error of a product of these sizes, plain, transposed and accumulated. */
export async function conformMatmul(
  device: Device,
  reference: Device,
  m: number,
  n: number,
  k: number,
): Promise<number> {
  const d = draw(m)
  const buffers = { a: d.normal(m * k), b: d.normal(k * n), out: d.normal(m * n), bias: d.normal(n) }
  let worst = 0
  for (const flags of [{}, { transposeA: true }, { transposeB: true, accumulate: true }]) {
    const call = { settings: { m, n, k, ...flags }, buffers }
    const { out: expected } = await runKernel(reference, 'matmul', call)
    const { out: actual } = await runKernel(device, 'matmul', call)
    worst = Math.max(worst, difference(actual!, expected!))
  }
  return worst
}
