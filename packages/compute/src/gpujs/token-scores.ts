import type { Implementations } from '../implementation.js'
import type { Compile, Gather, Place } from './compile.js'
import { finite, INFINITE, infinite, MASKED, rowStatistics } from './softmax.js'

const row = { x: 'array', max: 'array', logSum: 'array', vocabulary: 'integer' } as const

/** log softmax(logits) of one target per row, with logits and result finite. */
export const targetLogprob = (compile: Compile): Gather<typeof row & { readonly targets: 'array' }> =>
  compile(
    { ...row, targets: 'array' },
    `const v = x[this.thread.x * vocabulary + targets[this.thread.x]]
    let logprob = ${-INFINITE}
    if (v > ${MASKED}) logprob = v - max[this.thread.x] - logSum[this.thread.x]
    return logprob`,
  )

/** Log-prob, entropy and KL from the statistics of the rows; their reverse entry by entry. */
export function tokenScores(compile: Compile): Implementations<Place, 'tokenScores' | 'tokenScoresBackward'> {
  const statistics = rowStatistics(compile)
  const logprobs = targetLogprob(compile)
  const entropies = compile(
    row,
    `let sum = 0
    for (let j = 0; j < vocabulary; j++) {
      const v = x[this.thread.x * vocabulary + j]
      if (v > ${MASKED}) {
        const l = v - max[this.thread.x] - logSum[this.thread.x]
        sum -= Math.exp(l) * l
      }
    }
    return sum`,
  )
  const reference = { y: 'array', maxY: 'array', logSumY: 'array' } as const
  const divergences = compile(
    { ...row, ...reference },
    `let sum = 0
    for (let j = 0; j < vocabulary; j++) {
      const v = x[this.thread.x * vocabulary + j]
      if (v > ${MASKED}) {
        const l = v - max[this.thread.x] - logSum[this.thread.x]
        const p = Math.exp(l)
        const w = y[this.thread.x * vocabulary + j]
        if (w > ${MASKED}) sum += p * (l - (w - maxY[this.thread.x] - logSumY[this.thread.x]))
        else if (p > 0) sum = ${INFINITE}
      }
    }
    return sum`,
  )
  const gradient = compile(
    {
      ...row,
      ...reference,
      targets: 'array',
      entropy: 'array',
      kl: 'array',
      cL: 'array',
      cH: 'array',
      cK: 'array',
    },
    `const at = this.thread.y * vocabulary + this.thread.x
    const v = x[at]
    let sum = 0
    if (targets[this.thread.y] === this.thread.x) sum = cL[this.thread.y]
    if (v > ${MASKED}) {
      const l = v - max[this.thread.y] - logSum[this.thread.y]
      const p = Math.exp(l)
      const q = y[at] - maxY[this.thread.y] - logSumY[this.thread.y]
      sum -= p * cL[this.thread.y]
      if (p > 0) {
        sum -= p * cH[this.thread.y] * (l + entropy[this.thread.y])
        sum += p * cK[this.thread.y] * (l - q - kl[this.thread.y])
      }
    }
    return sum`,
  )
  return {
    tokenScores({ rows, vocabulary, logits, targets, logprob, entropy, referenceLogits, klToReference }) {
      const x = finite(logits)
      const own = { x, ...statistics(rows, vocabulary, x), vocabulary }
      logprob.set(infinite(logprobs([rows], { ...own, targets })))
      if (entropy) entropy.set(entropies([rows], own))
      if (!referenceLogits || !klToReference) return
      const y = finite(referenceLogits)
      const { max: maxY, logSum: logSumY } = statistics(rows, vocabulary, y)
      klToReference.set(infinite(divergences([rows], { ...own, y, maxY, logSumY })))
    },
    tokenScoresBackward({ rows, vocabulary, logits, targets, gradLogprob: cL, gradLogits, ...wanted }) {
      const { gradEntropy, referenceLogits, gradKlToReference } = wanted
      const x = finite(logits)
      const own = { x, ...statistics(rows, vocabulary, x), vocabulary }
      // A missing cotangent is 0. A missing reference is the policy itself, with cotangent 0.
      const none = new Float32Array(rows)
      const y = referenceLogits ? finite(referenceLogits) : x
      const { max: maxY, logSum: logSumY } = referenceLogits ? statistics(rows, vocabulary, y) : own
      const entropy = gradEntropy ? entropies([rows], own) : none
      const kl = referenceLogits ? divergences([rows], { ...own, y, maxY, logSumY }) : none
      const cotangents = { cL, cH: gradEntropy ?? none, cK: gradKlToReference ?? none }
      gradLogits.set(gradient([rows, vocabulary], { ...own, y, maxY, logSumY, targets, entropy, kl, ...cotangents }))
    },
  }
}
