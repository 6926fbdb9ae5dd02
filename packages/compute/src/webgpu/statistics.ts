import { clampIndex } from './clamp-index.js'
import { defineProgram, THREADS } from './program.js'
import { reductions } from './reductions.js'
import type { WebGpuKernel } from './runner.js'

/** ⌊n·u⌋, the product rounded to f32, and never more than n − 1. */
const pick = `
fn pick(at: u32) -> u32 { return min(u.n - 1u, u32(f32(u.n) * uniforms(at))); }
`

/** One workgroup per replicate. */
const bootstrap = defineProgram({
  name: 'bootstrapMeans',
  operands: { values: 'f32', uniforms: 'f32', out: 'f32' },
  writes: ['out'],
  sizes: ['n'],
  numbers: [],
  declarations: reductions + pick,
  body: `
  var sum = 0.0;
  for (var j = thread; j < u.n; j += ${THREADS}u) { sum += values(pick(group * u.n + j)); }
  let total = workgroup_sum(thread, sum);
  if (thread == 0u) { set_out(group, total / f32(u.n)); }
`,
})

/** One workgroup per trial, whose threads take the classes in turn and count each one's votes. */
const vote = defineProgram({
  name: 'majorityVotes',
  operands: { answers: 'i32', rewards: 'f32', uniforms: 'f32', out: 'f32' },
  writes: ['out'],
  sizes: ['k', 'n', 'classes'],
  numbers: [],
  declarations: reductions + clampIndex + pick,
  body: `
  var most = 0.0;
  var winners = 0.0;
  var reward = 0.0;
  for (var c = thread; c < u.classes; c += ${THREADS}u) {
    var votes = 0.0;
    for (var j = 0u; j < u.k; j++) {
      if (clamp_index(answers(pick(group * u.k + j)), u.classes) == c) { votes += 1.0; }
    }
    if (votes > most) {
      most = votes;
      winners = 0.0;
      reward = 0.0;
    }
    if (votes == most) {
      winners += 1.0;
      reward += rewards(c);
    }
  }
  let won = most == workgroup_max(thread, most);
  let total = workgroup_sum(thread, select(0.0, reward, won));
  let count = workgroup_sum(thread, select(0.0, winners, won));
  if (thread == 0u) { set_out(group, total / count); }
`,
})

/** Efron's bootstrap of a mean. */
export const bootstrapMeans: WebGpuKernel<'bootstrapMeans'> = (gpu, { replicates, n, values, uniforms, out }) =>
  gpu.run(bootstrap, { groups: replicates, operands: { values, uniforms, out }, settings: { n } })

/** Ties share: the reward of a vote is the mean over the classes with most votes. */
export const majorityVotes: WebGpuKernel<'majorityVotes'> = (gpu, args) => {
  const { trials, k, n, classes, answers, rewards, uniforms, out } = args
  gpu.run(vote, { groups: trials, operands: { answers, rewards, uniforms, out }, settings: { k, n, classes } })
}
