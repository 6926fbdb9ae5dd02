import { callCallerNow, requireInteger, shown, throwIfAborted, type RewardFunction, type Sample } from '@posttrain/core'
import { ngramsOf } from './words.js'

/**
 * 1/m for a completion that gives an answer which m of its group give, so that rewards add up to the number of distinct
 * answers. A completion without an answer gets 0.
 *
 * @param answerOf the answer of a completion (default: its text without the spaces around it)
 * @example
 * ```ts
 * noveltyReward().comparesSamples // => true
 * ```
 */
export function noveltyReward(
  answerOf: (sample: Sample) => string | undefined = ({ text }) => text.trim(),
): RewardFunction {
  return {
    name: 'novelty',
    comparesSamples: true,
    async score({ id }, samples, options) {
      throwIfAborted(options?.signal)
      const answers = samples.map((sample) =>
        callCallerNow('answerOf of novelty', `on task ${shown(id)}`, () => answerOf(sample)),
      )
      const counts = new Map<string | undefined, number>()
      for (const answer of answers) counts.set(answer, (counts.get(answer) ?? 0) + 1)
      return answers.map((answer) =>
        answer === undefined
          ? { kind: 'scored', reward: 0 }
          : { kind: 'scored', reward: 1 / counts.get(answer)!, answer },
      )
    },
  }
}

/**
 * How different a completion is from the others of its group: the mean over these of 1 − |A ∩ B| / |A ∪ B|, with A
 * and B the sets of n-grams of words of the two (Jaccard distance). 1 for a completion alone. Two without n-grams
 * differ by 0 if their texts are the same, and otherwise by 1.
 *
 * @param n words of an n-gram (default 2)
 * @throws PosttrainError `invalid-argument` for n below 1
 * @example
 * ```ts
 * diversityReward(2).name // => 'diversity-2'
 * ```
 */
export function diversityReward(n: number = 2): RewardFunction {
  requireInteger('n', n, { min: 1 })
  return {
    name: `diversity-${n}`,
    comparesSamples: true,
    async score(_, samples, options) {
      throwIfAborted(options?.signal)
      const sets = samples.map(({ text }) => ({ text, ngrams: new Set(ngramsOf(text, n)) }))
      return sets.map((one) => {
        const distances = sets.filter((other) => other !== one).map((other) => distance(one, other))
        // Sorted, so that the sum does not depend on the order of samples.
        const total = distances.sort((a, b) => a - b).reduce((sum, d) => sum + d, 0)
        return { kind: 'scored', reward: distances.length === 0 ? 1 : total / distances.length }
      })
    },
  }
}

interface Grams {
  readonly text: string
  readonly ngrams: ReadonlySet<string>
}

function distance(a: Grams, b: Grams): number {
  let common = 0
  for (const ngram of a.ngrams) if (b.ngrams.has(ngram)) common++
  const all = a.ngrams.size + b.ngrams.size - common
  return all === 0 ? Number(a.text !== b.text) : 1 - common / all
}
