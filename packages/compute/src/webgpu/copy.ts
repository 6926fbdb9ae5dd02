import { defineProgram } from './program.js'
import { type GpuPlace, groupsFor, type Runner } from './runner.js'

const program = defineProgram({
  name: 'copy',
  operands: { source: 'u32', out: 'u32' },
  writes: ['out'],
  sizes: ['length'],
  numbers: [],
  body: 'if (index < u.length) { set_out(index, source(index)); }',
})

/** Copies bits without leaving the compute pass; also within one buffer, which WebGPU's own copy refuses. */
export function copy(gpu: Runner, source: GpuPlace, out: GpuPlace): void {
  const { length } = source
  gpu.run(program, { groups: groupsFor(length), operands: { source, out }, settings: { length } })
}
