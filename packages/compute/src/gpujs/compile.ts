import { unsupported } from '@posttrain/core'
import type { GPU, IGPUKernelSettings, IKernelRunShortcut } from 'gpu.js'
import type { HostArray } from '../host-memory.js'

/** A buffer of gpu.js kernels, which lies in host memory as f32: gpu.js moves arrays to the GPU and back itself. */
export type Place = HostArray<Float32Array>

/** How the function of one output element reads an input: as a flat array, an integer or a floating-point number. */
type Inputs = Readonly<Record<string, 'array' | 'integer' | 'number'>>

/** What the inputs are in a call. */
export type Values<I extends Inputs> = { readonly [K in keyof I]: I[K] extends 'array' ? Place : number }

/** Runs a compiled function for every element of an output of 1 to 3 dimensions, the slowest first; row-major. */
export type Gather<I extends Inputs> = (shape: readonly number[], values: Values<I>) => Float32Array

/**
 * Compiles the body of a function of one output element: `this.thread.x` is its column, `y` its row, `z` its plane.
 * Bodies are text, because bundlers rename and fold functions, which gpu.js then could not read. They never
 * `continue`, because gpu.js would skip the loop's step.
 */
export type Compile = <I extends Inputs>(inputs: I, body: string) => Gather<I>

/** Indices are computed in f32, where larger integers are not exact. */
const MAXIMUM_LENGTH = 2 ** 24

const types = { array: 'Array', integer: 'Integer', number: 'Float' } as const

/** Sizes may differ from call to call, numbers are f32, and loops may exceed gpu.js' default of 1,000 rounds. */
export const kernelSettings: IGPUKernelSettings & { readonly loopMaxIterations: number } = {
  dynamicOutput: true,
  dynamicArguments: true,
  precision: 'single',
  tactic: 'precision',
  loopMaxIterations: 2 ** 30,
}

/** Copies exactly these elements, because gpu.js takes the whole memory under a view. No texture may be empty. */
function upload(values: Place): Float32Array {
  if (values.length > MAXIMUM_LENGTH) {
    throw unsupported(`gpu.js has no exact indices for ${values.length} elements`, `use at most ${MAXIMUM_LENGTH}`)
  }
  return values.length === 0 ? new Float32Array(1) : new Float32Array(values)
}

type Nested = Float32Array | readonly Nested[]

function flattenInto(target: Float32Array, offset: number, nested: Nested): number {
  if (!(nested instanceof Float32Array)) return nested.reduce((at, part) => flattenInto(target, at, part), offset)
  target.set(nested, offset)
  return offset + nested.length
}

/** The compiler of one gpu.js context. A function is compiled when it is first called. */
export const createCompile =
  (gpu: GPU): Compile =>
  (inputs, body) => {
    const names = Object.keys(inputs)
    let kernel: IKernelRunShortcut | undefined
    return (shape, values) => {
      const length = shape.reduce((product, d) => product * d, 1)
      if (length === 0) return new Float32Array(0)
      kernel ??= gpu.createKernel(`function gather(${names.join(', ')}) { ${body} }`, {
        ...kernelSettings,
        argumentTypes: Object.fromEntries(names.map((name) => [name, types[inputs[name]!]])),
      })
      kernel.setOutput([...shape].reverse())
      const given: Readonly<Record<string, number | Place>> = values
      const out = new Float32Array(length)
      flattenInto(
        out,
        0,
        kernel(
          ...names.map((name) => {
            const value = given[name]!
            return typeof value === 'number' ? value : upload(value)
          }),
        ) as Nested,
      )
      return out
    }
  }

/** out += values. */
export function addInto(out: Place, values: Float32Array): void {
  for (let i = 0; i < values.length; i++) out[i]! += values[i]!
}
