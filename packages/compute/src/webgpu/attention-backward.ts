import { defineProgram, THREADS } from './program.js'
import { queryPlaces } from './query-places.js'
import { reductions } from './reductions.js'
import type { WebGpuKernel } from './runner.js'

/** One workgroup per query: ∂S = P∘(∂P − rowsum(P∘∂P))/√d with ∂P = ∂O·Vᵀ, kept for the keys, and ∂Q = ∂S·K. */
const queries = defineProgram({
  name: 'attentionBackward',
  operands: { qkv: 'f32', probabilities: 'f32', gradOut: 'f32', gradScores: 'f32', gradQkv: 'f32' },
  writes: ['gradScores', 'gradQkv'],
  sizes: ['length', 'heads', 'keyValueHeads', 'headSize'],
  numbers: ['scale'],
  declarations: reductions,
  body: `${queryPlaces}

  var weighted = 0.0;
  for (var j = thread; j <= i; j += ${THREADS}u) {
    var gradient = 0.0;
    for (var d = 0u; d < u.headSize; d++) { gradient += gradOut(out_at + d) * qkv(values + j * stride + d); }
    weighted += probabilities(row + j) * gradient;
    set_gradScores(row + j, gradient);
  }
  weighted = workgroup_sum(thread, weighted);
  for (var j = thread; j <= i; j += ${THREADS}u) {
    set_gradScores(row + j, probabilities(row + j) * (gradScores(row + j) - weighted) * u.scale);
  }
  storageBarrier();
  for (var d = thread; d < u.headSize; d += ${THREADS}u) {
    var gradient = 0.0;
    for (var j = 0u; j <= i; j++) { gradient += gradScores(row + j) * qkv(keys + j * stride + d); }
    set_gradQkv(first + i * stride + h * u.headSize + d, gradient);
  }
`,
})

/** One thread per entry of a key and its value: ∂K = ∂Sᵀ·Q and ∂V = Pᵀ·∂O, over the query heads that share them. */
const keysAndValues = defineProgram({
  name: 'attentionBackward',
  operands: { qkv: 'f32', probabilities: 'f32', gradOut: 'f32', gradScores: 'f32', gradQkv: 'f32' },
  writes: ['gradQkv'],
  sizes: ['entries', 'length', 'heads', 'keyValueHeads', 'headSize'],
  numbers: [],
  body: `
  if (index >= u.entries) { return; }
  let d = index % u.headSize;
  let shared_head = index / u.headSize % u.keyValueHeads;
  let j = index / (u.headSize * u.keyValueHeads) % u.length;
  let b = index / (u.headSize * u.keyValueHeads * u.length);
  let stride = (u.heads + 2u * u.keyValueHeads) * u.headSize;
  let first = b * u.length * stride;
  let sharing = u.heads / u.keyValueHeads;
  var key = 0.0;
  var value = 0.0;
  for (var h = shared_head * sharing; h < (shared_head + 1u) * sharing; h++) {
    for (var i = j; i < u.length; i++) {
      let at = ((b * u.heads + h) * u.length + i) * u.length + j;
      key += gradScores(at) * qkv(first + i * stride + h * u.headSize + d);
      value += probabilities(at) * gradOut(((b * u.length + i) * u.heads + h) * u.headSize + d);
    }
  }
  let key_at = first + j * stride + (u.heads + shared_head) * u.headSize + d;
  set_gradQkv(key_at, key);
  set_gradQkv(key_at + u.keyValueHeads * u.headSize, value);
`,
})

/** The reverse of attention; its scratch memory is as large as the probabilities. */
export const attentionBackward: WebGpuKernel<'attentionBackward'> = (gpu, args) => {
  const { batch, length, heads, keyValueHeads, headSize, qkv, probabilities, gradOut, gradQkv } = args
  const gradScores = gpu.scratch(probabilities.length)
  const operands = { qkv, probabilities, gradOut, gradScores, gradQkv }
  const sizes = { length, heads, keyValueHeads, headSize }
  gpu.run(queries, {
    groups: batch * heads * length,
    operands,
    settings: { ...sizes, scale: 1 / Math.sqrt(headSize) },
  })
  const entries = batch * length * keyValueHeads * headSize
  gpu.run(keysAndValues, { groups: Math.ceil(entries / THREADS), operands, settings: { ...sizes, entries } })
}
