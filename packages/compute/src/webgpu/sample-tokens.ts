import { logSoftmax, softmaxTools } from './log-softmax.js'
import { defineProgram, THREADS } from './program.js'
import type { WebGpuKernel } from './runner.js'

/** Functions on one row of logits; `w` of a token is its weight exp((x − largest)/temperature). */
const declarations = `${softmaxTools}${logSoftmax('logits')}
fn logit(v: u32) -> f32 { return max(logits(v), LOWEST); }

/** An integer for each number, in the order of the numbers. */
fn rank(x: f32) -> u32 {
  let bits = bitcast<u32>(select(x, 0.0, x == 0.0));
  return select(bits | 0x80000000u, ~bits, (bits & 0x80000000u) != 0u);
}

fn weight(v: u32, largest: f32) -> f32 { return decay((logit(v) - largest) / u.temperature); }

/**
 * The largest rank such that the tokens of at least this rank, among those of at least the rank \`least\`, number at
 * least \`goal\`, or weigh at least that: found bit by bit.
 */
fn border(thread: u32, start: u32, largest: f32, least: u32, goal: f32, weighted: bool) -> u32 {
  var found = 0u;
  for (var bit = 0x80000000u; bit > 0u; bit >>= 1u) {
    var sum = 0.0;
    for (var v = thread; v < u.vocabulary; v += ${THREADS}u) {
      if (rank(logit(start + v)) < max(least, found | bit)) { continue; }
      if (weighted) { sum += weight(start + v, largest); } else { sum += 1.0; }
    }
    if (workgroup_sum(thread, sum) >= goal) { found |= bit; }
  }
  return found;
}

fn kept_weight(v: u32, largest: f32, least: u32) -> f32 {
  let w = weight(v, largest);
  return select(0.0, w, rank(logit(v)) >= least && w >= u.minP);
}

/** Sums over the threads before this one, and over all. */
fn workgroup_before(thread: u32, value: f32) -> vec2f {
  values_of_threads[thread] = value;
  workgroupBarrier();
  for (var step = 1u; step < ${THREADS}u; step *= 2u) {
    var left = 0.0;
    if (thread >= step) { left = values_of_threads[thread - step]; }
    workgroupBarrier();
    values_of_threads[thread] += left;
    workgroupBarrier();
  }
  var before = 0.0;
  if (thread > 0u) { before = values_of_threads[thread - 1u]; }
  return vec2f(before, workgroupUniformLoad(&values_of_threads[${THREADS - 1}]));
}

/** The smallest v with Σ_{j ≤ v} w_j > u · Σ w; if rounding leaves none, the last v with w_v > 0. */
fn invert(thread: u32, start: u32, largest: f32, least: u32, uniform: f32) -> u32 {
  let chunk = (u.vocabulary + ${THREADS - 1}u) / ${THREADS}u;
  let from_v = min(thread * chunk, u.vocabulary);
  let to_v = min(from_v + chunk, u.vocabulary);
  var sum = 0.0;
  for (var v = from_v; v < to_v; v++) { sum += kept_weight(start + v, largest, least); }
  let sums = workgroup_before(thread, sum);
  var first = u.vocabulary;
  var last = 0u;
  sum = sums.x;
  for (var v = from_v; v < to_v; v++) {
    let w = kept_weight(start + v, largest, least);
    if (w == 0.0) { continue; }
    sum += w;
    last = v;
    if (first == u.vocabulary && sum > uniform * sums.y) { first = v; }
  }
  first = workgroup_min(thread, first);
  last = u.vocabulary - 1u - workgroup_min(thread, u.vocabulary - 1u - last);
  return min(first, last);
}

fn first_largest(thread: u32, start: u32, largest: f32) -> u32 {
  var first = u.vocabulary - 1u;
  for (var v = thread; v < u.vocabulary; v += ${THREADS}u) {
    if (logit(start + v) == largest) { first = min(first, v); }
  }
  return workgroup_min(thread, first);
}
`

/** One workgroup per row. */
const program = defineProgram({
  name: 'sampleTokens',
  operands: { logits: 'f32', uniforms: 'f32', tokens: 'i32', logprob: 'f32' },
  writes: ['tokens', 'logprob'],
  sizes: ['vocabulary', 'greedy', 'topK'],
  numbers: ['temperature', 'topP', 'minP'],
  declarations,
  body: `
  let start = group * u.vocabulary;
  let norm = logits_norm(thread, start, u.vocabulary);
  var token = 0u;
  if (u.greedy == 1u) {
    token = first_largest(thread, start, norm.x);
  } else {
    var least = 0u;
    if (u.topK < u.vocabulary) { least = border(thread, start, norm.x, 0u, f32(u.topK), false); }
    if (u.topP < 1.0) {
      var sum = 0.0;
      for (var v = thread; v < u.vocabulary; v += ${THREADS}u) {
        if (rank(logit(start + v)) >= least) { sum += weight(start + v, norm.x); }
      }
      least = max(least, border(thread, start, norm.x, least, u.topP * workgroup_sum(thread, sum), true));
    }
    token = invert(thread, start, norm.x, least, uniforms(group));
  }
  if (thread == 0u) {
    set_tokens(group, i32(token));
    set_logprob(group, logits(start + token) - norm.x - norm.y);
  }
`,
})

/** Smallest temperature that f32 can divide by; below it, the most likely token has all the weight. */
const COLDEST = 1e-30

/** One token per row from softmax(logits/temperature), cut, by inversion, and its log-prob at temperature 1. */
export const sampleTokens: WebGpuKernel<'sampleTokens'> = (gpu, args) => {
  const { rows, vocabulary, logits, uniforms, temperature, tokens, logprob, topK = vocabulary, topP = 1 } = args
  gpu.run(program, {
    groups: rows,
    operands: { logits, uniforms, tokens, logprob },
    settings: {
      vocabulary,
      greedy: Number(temperature === 0),
      topK: Math.min(topK, vocabulary),
      temperature: Math.max(temperature, COLDEST),
      topP,
      minP: args.minP ?? 0,
    },
  })
}
