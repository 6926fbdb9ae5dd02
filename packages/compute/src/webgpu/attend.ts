import { exponential } from './exponential.js'
import { THREADS } from './program.js'
import { reductions } from './reductions.js'

/** Operands that attention of one query reads and writes. */
export interface AttendOperands {
  readonly query: string
  readonly keys: string
  readonly values: string
  /** Where the probabilities go. */
  readonly weights: string
}

/**
 * WGSL of softmax(q·Kᵀ/√d)·V for one query by one workgroup, over `count` tokens whose keys and values are `stride`
 * apart. The arguments are where query, keys, values, weights and result begin.
 */
export const attend = ({ query, keys, values, weights }: AttendOperands): string => `${reductions}${exponential}
fn attend(thread: u32, count: u32, stride: u32, query_at: u32, keys_at: u32, values_at: u32, weights_at: u32, out_at: u32) {
  var largest = LOWEST;
  for (var j = thread; j < count; j += ${THREADS}u) {
    var score = 0.0;
    for (var d = 0u; d < u.headSize; d++) { score += ${query}(query_at + d) * ${keys}(keys_at + j * stride + d); }
    score *= u.scale;
    largest = max(largest, score);
    set_${weights}(weights_at + j, score);
  }
  largest = workgroup_max(thread, largest);
  var sum = 0.0;
  for (var j = thread; j < count; j += ${THREADS}u) {
    let weight = decay(${weights}(weights_at + j) - largest);
    sum += weight;
    set_${weights}(weights_at + j, weight);
  }
  sum = workgroup_sum(thread, sum);
  for (var j = thread; j < count; j += ${THREADS}u) { set_${weights}(weights_at + j, ${weights}(weights_at + j) / sum); }
  storageBarrier();
  for (var d = thread; d < u.headSize; d += ${THREADS}u) {
    var value = 0.0;
    for (var j = 0u; j < count; j++) { value += ${weights}(weights_at + j) * ${values}(values_at + j * stride + d); }
    set_out(out_at + d, value);
  }
}
`
