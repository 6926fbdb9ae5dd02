import { clampIndex } from './clamp-index.js'
import { logSoftmax, softmaxTools } from './log-softmax.js'
import { defineProgram, THREADS } from './program.js'
import type { WebGpuKernel } from './runner.js'

const tools = softmaxTools + clampIndex + logSoftmax('logits') + logSoftmax('referenceLogits')

/** Entropy of a row and, if there is a reference, the KL to it. */
const sums = `
  let start = group * u.vocabulary;
  let norm = logits_norm(thread, start, u.vocabulary);
  var reference_norm = vec2f(0.0);
  if (u.referred == 1u) { reference_norm = referenceLogits_norm(thread, start, u.vocabulary); }
  var minus_entropy = 0.0;
  var kl = 0.0;
  for (var v = thread; v < u.vocabulary; v += ${THREADS}u) {
    let logp = logits_logp(start + v, norm);
    let p = decay(logp);
    if (p == 0.0) { continue; }
    minus_entropy += p * logp;
    // Not clamped: where p > 0 and the reference's token is masked, the divergence is infinite.
    if (u.referred == 1u) { kl += p * (logp - (referenceLogits(start + v) - reference_norm.x - reference_norm.y)); }
  }
  minus_entropy = workgroup_sum(thread, minus_entropy);
  kl = workgroup_sum(thread, kl);
`

/** One workgroup per row. */
const forward = defineProgram({
  name: 'tokenScores',
  operands: {
    logits: 'f32',
    targets: 'i32',
    logprob: 'f32',
    entropy: 'f32',
    referenceLogits: 'f32',
    klToReference: 'f32',
  },
  writes: ['logprob', 'entropy', 'klToReference'],
  sizes: ['vocabulary', 'uncertain', 'referred'],
  numbers: [],
  declarations: tools,
  body: `${sums}
  if (thread > 0u) { return; }
  let label = start + clamp_index(targets(group), u.vocabulary);
  set_logprob(group, logits(label) - norm.x - norm.y); // −∞ if masked
  if (u.uncertain == 1u) { set_entropy(group, -minus_entropy); }
  if (u.referred == 1u) { set_klToReference(group, kl); }
`,
})

/**
 * One workgroup per row: ∂l_v = cL·(1[v = target] − p_v) − cH·p_v·(log p_v + H) + cK·p_v·(log p_v − log q_v − KL). A
 * thread writes the entries that it alone reads after the sums, so that the gradient may replace the logits.
 */
const backward = defineProgram({
  name: 'tokenScoresBackward',
  operands: {
    logits: 'f32',
    targets: 'i32',
    gradLogprob: 'f32',
    gradEntropy: 'f32',
    referenceLogits: 'f32',
    gradKlToReference: 'f32',
    gradLogits: 'f32',
  },
  writes: ['gradLogits'],
  sizes: ['vocabulary', 'uncertain', 'referred'],
  numbers: [],
  declarations: tools,
  body: `${sums}
  let label = clamp_index(targets(group), u.vocabulary);
  let c_logprob = gradLogprob(group);
  let c_entropy = select(0.0, gradEntropy(group), u.uncertain == 1u);
  let c_kl = select(0.0, gradKlToReference(group), u.referred == 1u);
  for (var v = thread; v < u.vocabulary; v += ${THREADS}u) {
    let logp = logits_logp(start + v, norm);
    let p = decay(logp);
    var gradient = c_logprob * (select(0.0, 1.0, v == label) - p);
    if (p > 0.0) {
      gradient -= c_entropy * p * (logp - minus_entropy);
      if (u.referred == 1u) { gradient += c_kl * p * (logp - referenceLogits_logp(start + v, reference_norm) - kl); }
    }
    set_gradLogits(start + v, gradient);
  }
`,
})

/** log p_target, H = −Σ p log p and KL = Σ p (log p − log q), with p and q the softmax of a row's logits. */
export const tokenScores: WebGpuKernel<'tokenScores'> = (gpu, args) => {
  const { rows, vocabulary, logits, targets, logprob, entropy, referenceLogits, klToReference } = args
  // A missing operand is replaced by another one, which the program then does not touch.
  const optional = { entropy: entropy ?? logprob, referenceLogits: referenceLogits ?? logits }
  gpu.run(forward, {
    groups: rows,
    operands: { logits, targets, logprob, ...optional, klToReference: klToReference ?? logprob },
    settings: { vocabulary, uncertain: Number(entropy !== undefined), referred: Number(klToReference !== undefined) },
  })
}

/** The gradient of a row's logits, from the cotangents of its scores. */
export const tokenScoresBackward: WebGpuKernel<'tokenScoresBackward'> = (gpu, args) => {
  const { rows, vocabulary, logits, targets, gradLogprob, gradEntropy, referenceLogits, gradKlToReference } = args
  const optional = { gradEntropy: gradEntropy ?? gradLogprob, gradKlToReference: gradKlToReference ?? gradLogprob }
  const referred = Number(gradKlToReference !== undefined)
  gpu.run(backward, {
    groups: rows,
    operands: {
      ...{ logits, targets, gradLogprob, gradLogits: args.gradLogits },
      ...optional,
      referenceLogits: referenceLogits ?? logits,
    },
    settings: { vocabulary, uncertain: Number(gradEntropy !== undefined), referred },
  })
}
