import type { DType } from '../device-buffer.js'
import { defineProgram } from './program.js'
import { type GpuPlace, groupsFor, type Runner } from './runner.js'

const program = defineProgram({
  name: 'fill',
  operands: { out: 'u32' },
  writes: ['out'],
  sizes: ['length', 'bits'],
  numbers: [],
  body: 'if (index < u.length) { set_out(index, u.bits); }',
})

/** Sets every element to a value of the buffer's type. */
export function fill(gpu: Runner, out: GpuPlace, dtype: DType, value: number): void {
  const element = dtype === 'i32' ? Int32Array.of(value) : Float32Array.of(value)
  const [bits = 0] = new Uint32Array(element.buffer)
  gpu.run(program, { groups: groupsFor(out.length), operands: { out }, settings: { length: out.length, bits } })
}
