import { exponential } from './exponential.js'
import { THREADS } from './program.js'
import { reductions } from './reductions.js'

/** Reductions and exponentials, which `logSoftmax` needs. */
export const softmaxTools: string = reductions + exponential

/**
 * WGSL functions for rows of an operand: `NAME_norm` gives all threads of a workgroup the largest entry of a row and
 * log Σ exp(x − largest), and `NAME_logp` with it the log-prob of an entry. A masked entry (−∞) counts as `LOWEST`.
 */
export const logSoftmax = (operand: string): string => `
fn ${operand}_norm(thread: u32, start: u32, count: u32) -> vec2f {
  var largest = LOWEST;
  for (var v = thread; v < count; v += ${THREADS}u) { largest = max(largest, ${operand}(start + v)); }
  largest = workgroup_max(thread, largest);
  var sum = 0.0;
  for (var v = thread; v < count; v += ${THREADS}u) { sum += decay(max(${operand}(start + v), LOWEST) - largest); }
  return vec2f(largest, log(workgroup_sum(thread, sum)));
}
fn ${operand}_logp(at: u32, norm: vec2f) -> f32 { return max(${operand}(at), LOWEST) - norm.x - norm.y; }
`
