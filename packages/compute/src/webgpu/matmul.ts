import { unsupported } from '@posttrain/core'
import type { Kernel } from '../kernels.js'
import { matmulShader, TILE } from './matmul.wgsl.js'
import { BufferUsage, type GpuPlace } from './memory.js'

/** The product as a WGSL kernel. Work is queued; reading a buffer waits for it. */
export function webgpuMatmul(device: GPUDevice): Kernel<'matmul', GpuPlace> {
  const module = device.createShaderModule({ code: matmulShader })
  const pipeline = device.createComputePipeline({ layout: 'auto', compute: { module, entryPoint: 'matmul' } })
  const limit = device.limits.maxComputeWorkgroupsPerDimension

  return ({ m, n, k, a, b, out, bias, transposeA, transposeB, accumulate }) => {
    if (m === 0 || n === 0) return
    const [columns, rows] = [Math.ceil(n / TILE), Math.ceil(m / TILE)]
    if (Math.max(columns, rows) > limit) {
      throw unsupported(
        `matmul: ${m} × ${n} is more than this WebGPU adapter does at once`,
        'split the rows into batches',
      )
    }
    const temporary: GPUBuffer[] = []
    const encoder = device.createCommandEncoder()
    // A buffer cannot be read and written in one dispatch: operands beside the result in one allocation are copied.
    const operand = (place: GpuPlace): GpuPlace => {
      if (place.buffer !== out.buffer) return place
      const size = Math.max(4, 4 * place.length)
      const copy = device.createBuffer({ size, usage: BufferUsage.STORAGE | BufferUsage.COPY_DST })
      if (place.length > 0) encoder.copyBufferToBuffer(place.buffer, 4 * place.offset, copy, 0, 4 * place.length)
      temporary.push(copy)
      return { buffer: copy, offset: 0, length: place.length }
    }
    const [x, y] = [operand(a), operand(b)]
    const z = bias === undefined ? y : operand(bias)
    const sizes = Uint32Array.of(
      ...[m, n, k, accumulate ? 1 : 0],
      ...[x.offset, ...(transposeA ? [1, m] : [k, 1]), bias === undefined ? 0 : 1],
      ...[y.offset, ...(transposeB ? [1, k] : [n, 1]), z.offset],
      ...[out.offset, 0, 0, 0],
    )
    const uniforms = device.createBuffer({
      size: sizes.byteLength,
      usage: BufferUsage.UNIFORM | BufferUsage.COPY_DST,
    })
    temporary.push(uniforms)
    device.queue.writeBuffer(uniforms, 0, sizes)

    const pass = encoder.beginComputePass()
    pass.setPipeline(pipeline)
    const resources = [uniforms, x.buffer, y.buffer, z.buffer, out.buffer]
    const entries = resources.map((buffer, binding) => ({ binding, resource: { buffer } }))
    pass.setBindGroup(0, device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }))
    pass.dispatchWorkgroups(columns, rows)
    pass.end()
    device.queue.submit([encoder.finish()])
    for (const buffer of temporary) buffer.destroy() // takes effect once the queued work is done
  }
}
