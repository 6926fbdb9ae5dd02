import type { GPU } from 'gpu.js'
import type { HostArray } from '../host-memory.js'
import type { Kernel } from '../kernels.js'

/** out = A·B (+ bias) (+ out): one thread per entry; the transpositions are strides. */
export function gpujsMatmul(gpu: GPU): Kernel<'matmul', HostArray<Float32Array>> {
  const source = `function matmul(a, b, k, aRow, aColumn, bRow, bColumn) {
    let sum = 0
    for (let l = 0; l < k; l++) {
      sum += a[this.thread.y * aRow + l * aColumn] * b[l * bRow + this.thread.x * bColumn]
    }
    return sum
  }`
  const kernel = gpu.createKernel(source, { dynamicOutput: true, dynamicArguments: true, precision: 'single' })
  return ({ m, n, k, a, b, out, bias, transposeA, transposeB, accumulate }) => {
    if (m === 0 || n === 0) return
    let rows: readonly Float32Array[] | undefined
    if (k > 0) {
      kernel.setOutput([n, m])
      // Copies: gpu.js takes the whole memory under a view.
      const operands = [Float32Array.from(a), Float32Array.from(b)] as const
      const strides = [...(transposeA ? [1, m] : [k, 1]), ...(transposeB ? [1, k] : [n, 1])]
      rows = kernel(...operands, k, ...strides) as readonly Float32Array[]
    }
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        const value = (rows?.[i]![j] ?? 0) + (bias?.[j] ?? 0)
        out[i * n + j] = accumulate ? out[i * n + j]! + value : value
      }
    }
  }
}
