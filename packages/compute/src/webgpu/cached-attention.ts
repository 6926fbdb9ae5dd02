import { attend } from './attend.js'
import { clampIndex } from './clamp-index.js'
import { defineProgram } from './program.js'
import { groupsFor, type WebGpuKernel } from './runner.js'

/** One thread per entry of the new tokens' keys. */
const remember = defineProgram({
  name: 'cachedAttention',
  operands: { qkv: 'f32', keys: 'f32', values: 'f32', positions: 'i32' },
  writes: ['keys', 'values'],
  sizes: ['length', 'width', 'cacheWidth', 'capacity'],
  numbers: [],
  declarations: clampIndex,
  body: `
  if (index >= u.length) { return; }
  let b = index / u.cacheWidth;
  let d = index % u.cacheWidth;
  let slot = (b * u.capacity + clamp_index(positions(b), u.capacity)) * u.cacheWidth + d;
  let token = b * (u.width + 2u * u.cacheWidth) + u.width + d;
  set_keys(slot, qkv(token));
  set_values(slot, qkv(token + u.cacheWidth));
`,
})

/** One workgroup per new token and query head. */
const look = defineProgram({
  name: 'cachedAttention',
  operands: { qkv: 'f32', keys: 'f32', values: 'f32', positions: 'i32', weights: 'f32', out: 'f32' },
  writes: ['weights', 'out'],
  sizes: ['heads', 'keyValueHeads', 'headSize', 'capacity'],
  numbers: ['scale'],
  declarations: clampIndex + attend({ query: 'qkv', keys: 'keys', values: 'values', weights: 'weights' }),
  body: `
  let b = group / u.heads;
  let h = group % u.heads;
  let count = clamp_index(positions(b), u.capacity) + 1u;
  let stride = u.keyValueHeads * u.headSize;
  let query = (b * (u.heads + 2u * u.keyValueHeads) + h) * u.headSize;
  let cached = b * u.capacity * stride + h * u.keyValueHeads / u.heads * u.headSize;
  attend(thread, count, stride, query, cached, cached, group * u.capacity, group * u.headSize);
`,
})

/** The last row of causal attention; the keys and values of the tokens before it come from the caches. */
export const cachedAttention: WebGpuKernel<'cachedAttention'> = (gpu, args) => {
  const { batch, heads, keyValueHeads, headSize, capacity, qkv, keys, values, positions, out } = args
  const [width, cacheWidth] = [heads * headSize, keyValueHeads * headSize]
  const length = batch * cacheWidth
  gpu.run(remember, {
    groups: groupsFor(length),
    operands: { qkv, keys, values, positions },
    settings: { length, width, cacheWidth, capacity },
  })
  const weights = gpu.scratch(batch * heads * capacity)
  gpu.run(look, {
    groups: batch * heads,
    operands: { qkv, keys, values, positions, weights, out },
    settings: { heads, keyValueHeads, headSize, capacity, scale: 1 / Math.sqrt(headSize) },
  })
}
