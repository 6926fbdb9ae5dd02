import type { ReferenceKernel } from './reference-kernel.js'
import { logSoftmax, timesLog } from './softmax.js'

/** log p_target, H = −Σ p log p and KL = Σ p (log p − log q), with p and q the softmax of a row's logits. */
export const tokenScores: ReferenceKernel<'tokenScores'> = (args) => {
  const { rows, vocabulary, logits, targets, logprob, entropy, referenceLogits, klToReference } = args
  for (let row = 0; row < rows; row++) {
    const logp = logSoftmax(logits.subarray(row * vocabulary, (row + 1) * vocabulary))
    logprob[row] = logp[targets[row]!]!
    if (entropy) entropy[row] = -logp.reduce((sum, l) => sum + timesLog(Math.exp(l), l), 0)
    if (referenceLogits && klToReference) {
      const logq = logSoftmax(referenceLogits.subarray(row * vocabulary, (row + 1) * vocabulary))
      klToReference[row] = logp.reduce((sum, l, v) => sum + timesLog(Math.exp(l), l - logq[v]!), 0)
    }
  }
}

/**
 * ∂l_v = cL·(1[v = target] − p_v) − cH·p_v·(log p_v + H) + cK·p_v·(log p_v − log q_v − KL), from
 * ∂ log p_t/∂l_v = 1[v = t] − p_v.
 */
export const tokenScoresBackward: ReferenceKernel<'tokenScoresBackward'> = (args) => {
  const { rows, vocabulary, logits, targets, gradLogprob, gradEntropy, referenceLogits, gradKlToReference } = args
  for (let row = 0; row < rows; row++) {
    const logp = logSoftmax(logits.subarray(row * vocabulary, (row + 1) * vocabulary))
    const gradRow = args.gradLogits.subarray(row * vocabulary, (row + 1) * vocabulary)
    const cL = gradLogprob[row]!
    gradRow.set(logp.map((l, v) => cL * ((v === targets[row] ? 1 : 0) - Math.exp(l))))
    if (gradEntropy) {
      const cH = gradEntropy[row]!
      const H = -logp.reduce((sum, l) => sum + timesLog(Math.exp(l), l), 0)
      logp.forEach((l, v) => (gradRow[v]! -= cH * timesLog(Math.exp(l), l + H)))
    }
    if (referenceLogits && gradKlToReference) {
      const cK = gradKlToReference[row]!
      const logq = logSoftmax(referenceLogits.subarray(row * vocabulary, (row + 1) * vocabulary))
      const kl = logp.reduce((sum, l, v) => sum + timesLog(Math.exp(l), l - logq[v]!), 0)
      logp.forEach((l, v) => (gradRow[v]! += cK * timesLog(Math.exp(l), l - logq[v]! - kl)))
    }
  }
}
