import { THREADS } from './program.js'

/** Values that one thread joins, in each of two rounds. */
const SIDE = Math.sqrt(THREADS)

/** A reduction in two rounds: 8 threads join 8 values each, then all threads join the 8 results. */
const reduction = (name: string, type: string, memory: string, join: (a: string, b: string) => string): string => `
fn ${name}(thread: u32, value: ${type}) -> ${type} {
  ${memory}_of_threads[thread] = value;
  workgroupBarrier();
  if (thread < ${SIDE}u) {
    var joined = ${memory}_of_threads[thread];
    for (var i = 1u; i < ${SIDE}u; i++) { joined = ${join('joined', `${memory}_of_threads[thread + ${SIDE}u * i]`)}; }
    ${memory}_joined[thread] = joined;
  }
  workgroupBarrier();
  var result = ${memory}_joined[0];
  for (var i = 1u; i < ${SIDE}u; i++) { result = ${join('result', `${memory}_joined[i]`)}; }
  return result;
}
`

const call =
  (name: string) =>
  (a: string, b: string): string =>
    `${name}(${a}, ${b})`

/**
 * WGSL functions that every thread of a workgroup calls with a value of its own, and that give all of them the result:
 * `workgroup_sum`, `workgroup_max`, and `workgroup_min` of u32. The order of the additions is always the same. Two
 * barriers each: a thread comes to the second write of either array only after all have read the first.
 */
export const reductions: string = `
var<workgroup> values_of_threads: array<f32, ${THREADS}>;
var<workgroup> values_joined: array<f32, ${SIDE}>;
var<workgroup> counts_of_threads: array<u32, ${THREADS}>;
var<workgroup> counts_joined: array<u32, ${SIDE}>;
${reduction('workgroup_sum', 'f32', 'values', (a, b) => `${a} + ${b}`)}
${reduction('workgroup_max', 'f32', 'values', call('max'))}
${reduction('workgroup_min', 'u32', 'counts', call('min'))}
`
