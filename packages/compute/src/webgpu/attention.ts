import { attend } from './attend.js'
import { defineProgram, THREADS } from './program.js'
import { queryPlaces } from './query-places.js'
import type { WebGpuKernel } from './runner.js'

/** One workgroup per query. */
const program = defineProgram({
  name: 'attention',
  operands: { qkv: 'f32', out: 'f32', probabilities: 'f32' },
  writes: ['out', 'probabilities'],
  sizes: ['length', 'heads', 'keyValueHeads', 'headSize'],
  numbers: ['scale'],
  declarations: attend({ query: 'qkv', keys: 'qkv', values: 'qkv', weights: 'probabilities' }),
  body: `${queryPlaces}
  attend(thread, i + 1u, stride, first + i * stride + h * u.headSize, keys, values, row, out_at);
  for (var j = i + 1u + thread; j < u.length; j += ${THREADS}u) { set_probabilities(row + j, 0.0); }
`,
})

/** Causal attention per head: P = softmax(Q·Kᵀ/√d) over the tokens up to the query's own, out = P·V. */
export const attention: WebGpuKernel<'attention'> = (gpu, args) => {
  const { batch, length, heads, keyValueHeads, headSize, qkv, out, probabilities } = args
  gpu.run(program, {
    groups: batch * heads * length,
    operands: { qkv, out, probabilities },
    settings: { length, heads, keyValueHeads, headSize, scale: 1 / Math.sqrt(headSize) },
  })
}
