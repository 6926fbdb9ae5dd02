import type { Placed } from '../implementation.js'
import type { KernelName, Kernels } from '../kernels.js'
import { STAGE_COMPUTE } from './buffer-usage.js'
import type { CommandBatch } from './command-batch.js'
import { gridOf } from './grid.js'
import { type AnyProgram, bindingsOf, type Program, shaderOf, THREADS, uniformNames } from './program.js'

/** How WebGPU kernels see a buffer; offset and length count elements. */
export interface GpuPlace {
  readonly buffer: GPUBuffer
  readonly offset: number
  readonly length: number
}

/** Sizes, numbers and operands of one run of a program. */
export interface Call<Operand extends string, Size extends string, Real extends string> {
  /** Number of workgroups of 64 threads; may be 0. */
  readonly groups: number
  readonly operands: Readonly<Record<Operand, GpuPlace>>
  readonly settings: Readonly<Record<Size | Real, number>>
}

/** Enqueues programs. */
export interface Runner {
  run<Operand extends string, Size extends string, Real extends string>(
    program: Program<Operand, Size, Real>,
    call: Call<NoInfer<Operand>, NoInfer<Size>, NoInfer<Real>>,
  ): void
  /** Memory that lives until the next kernel asks for some. */
  scratch(length: number): GpuPlace
}

/** A kernel as one program, or a few programs one after the other. */
export type WebGpuKernel<K extends KernelName> = (gpu: Runner, args: Placed<Kernels[K], GpuPlace>) => void

/** Workgroups for one thread per element. */
export const groupsFor = (elements: number): number => Math.ceil(elements / THREADS)

interface Variant {
  readonly pipeline: GPUComputePipeline
  readonly layout: GPUBindGroupLayout
}

function compile(device: GPUDevice, program: AnyProgram, pattern: readonly number[]): Variant {
  const storage = bindingsOf(program, pattern).map(({ written }): GPUBufferBindingLayout => ({
    type: written ? 'storage' : 'read-only-storage',
  }))
  const bound: GPUBufferBindingLayout[] = [{ type: 'uniform', hasDynamicOffset: true }, ...storage]
  const layout = device.createBindGroupLayout({
    entries: bound.map((buffer, binding) => ({ binding, visibility: STAGE_COMPUTE, buffer })),
  })
  const module = device.createShaderModule({ code: shaderOf(program, pattern), label: program.name })
  const pipelineLayout = device.createPipelineLayout({ bindGroupLayouts: [layout] })
  const compute = { module, entryPoint: 'main' }
  return { pipeline: device.createComputePipeline({ layout: pipelineLayout, compute, label: program.name }), layout }
}

/** Compiles a program when it first runs, once per pattern of shared buffers. */
export function createRunner(
  device: GPUDevice,
  batch: CommandBatch,
  scratch: (length: number) => GpuPlace,
  requireHealthy: () => void,
): Runner {
  const compiled = new Map<AnyProgram, Map<string, Variant>>()

  function variantOf(program: AnyProgram, pattern: readonly number[]): Variant {
    let variants = compiled.get(program)
    if (variants === undefined) compiled.set(program, (variants = new Map<string, Variant>()))
    let variant = variants.get(pattern.join())
    if (variant === undefined) variants.set(pattern.join(), (variant = compile(device, program, pattern)))
    return variant
  }

  return {
    scratch,
    run(program, { groups, operands, settings }) {
      requireHealthy()
      if (groups === 0) return
      const grid = gridOf(program.name, groups, device.limits.maxComputeWorkgroupsPerDimension)
      const names = Object.keys(program.operands) as (keyof typeof operands)[]
      const buffers = [...new Set(names.map((name) => operands[name].buffer))]
      const pattern = names.map((name) => buffers.indexOf(operands[name].buffer))
      const values: Record<string, number> = { ...settings, groups }
      for (const name of names) values[`${name}_offset`] = operands[name].offset
      const numbers: readonly string[] = program.numbers
      batch.add({ ...variantOf(program, pattern), buffers, grid }, (view) => {
        uniformNames(program).forEach((name, i) => {
          if (numbers.includes(name)) view.setFloat32(4 * i, values[name]!, true)
          else view.setUint32(4 * i, values[name]!, true)
        })
      })
    },
  }
}
