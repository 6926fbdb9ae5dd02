import type { Sample } from '@posttrain/core'
import { ngramsOf } from '../text/words.js'

/** A number that can be read off a sample without knowing whether it is right. */
export type SampleFeature = (sample: Sample) => number

const has =
  (pattern: RegExp): SampleFeature =>
  ({ text }) =>
    Number(pattern.test(text))

/**
 * What a completion looks like, whatever it says: its length in UTF-16 units, how much of it is repeated (1 − distinct
 * 3-grams of words), and whether it has a box, a block of code, a list, a heading, bold letters, words of praise for
 * itself, words of a verdict, or was cut.
 *
 * @example
 * ```ts
 * const sample = { id: 'a', taskId: 'a', seed: 0, index: 0, text: 'so \\boxed{4}', finish: 'stop', usage: NO_USAGE }
 * formFeatures.boxed(sample) // => 1
 * formFeatures.length(sample) // => 12
 * ```
 */
export const formFeatures: Readonly<
  Record<
    'length' | 'repetition' | 'boxed' | 'code' | 'list' | 'heading' | 'bold' | 'self-praise' | 'verdict words' | 'cut',
    SampleFeature
  >
> = {
  length: ({ text }) => text.length,
  repetition: ({ text }) => {
    const ngrams = ngramsOf(text, 3)
    return ngrams.length === 0 ? 0 : 1 - new Set(ngrams).size / ngrams.length
  },
  boxed: has(/\\boxed\s*\{/),
  code: has(/^[ \t]*(?:```|~~~)/m),
  list: has(/^[ \t]*(?:[-*•]|\d{1,3}[.)])[ \t]/m),
  heading: has(/^[ \t]*#{1,6}[ \t]/m),
  bold: has(/\*\*\S/),
  'self-praise': has(/\b(?:verified|double-checked|certainly|definitely|undoubtedly|correct answer)\b/i),
  'verdict words': has(/\b(?:all tests pass(?:ed)?|\d+ passed|score:\s*\d|verdict:)/i),
  cut: ({ finish }) => Number(finish === 'length'),
}
