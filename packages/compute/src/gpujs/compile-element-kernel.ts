import { invalidArgument, requireLength } from '@posttrain/core'
import type { GPU } from 'gpu.js'
import { kernelSettings } from './compile.js'
import type { ElementKernel } from './element-kernel.js'
import { functionSource } from './function-source.js'

/** Compiles a per-element function with gpu.js, which understands numbers, Math, if and for. */
export function compileElementKernel(gpu: GPU, perElement: (...values: number[]) => number): ElementKernel {
  const { parameters, source } = functionSource('perElement', perElement.toString())
  const inputs = parameters.map((_, i) => `input${i}`)
  const elements = inputs.map((input) => `${input}[this.thread.x]`)
  const kernel = gpu.createKernel(
    `function kernel(${inputs.join(', ')}) { return perElement(${elements.join(', ')}) }`,
    {
      functions: [
        { source, settings: { argumentTypes: parameters.map(() => 'Number'), returnType: 'Number' } },
      ] as never,
      ...kernelSettings,
    },
  )
  return (...arrays) => {
    if (arrays.length !== parameters.length) {
      throw invalidArgument(`the kernel takes ${parameters.length} arrays, but was given ${arrays.length}`)
    }
    const length = arrays[0]!.length
    arrays.forEach((array, i) => requireLength(`input ${i}`, array, length))
    if (length === 0) return new Float32Array(0)
    kernel.setOutput([length])
    return Float32Array.from(kernel(...arrays.map((array) => Float32Array.from(array))) as Float32Array)
  }
}
