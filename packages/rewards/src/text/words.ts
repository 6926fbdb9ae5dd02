const UNSPACED = ['Han', 'Hiragana', 'Katakana', 'Thai', 'Lao', 'Khmer', 'Myanmar']
  .map((script) => `\\p{Script=${script}}`)
  .join('')

/** A letter of a script that puts no spaces between words, or a run of other letters, marks and digits. */
const WORD = new RegExp(`[${UNSPACED}]\\p{M}*|(?:(?![${UNSPACED}])[\\p{L}\\p{N}]\\p{M}*|['’](?=\\p{L}))+`, 'gu')

/** The words of a text in lower case; in scripts without spaces each letter is one. */
export const wordsOf = (text: string): readonly string[] => text.toLowerCase().match(WORD) ?? []

/** Sequences of n words, each as one text; fewer words give none. */
export function ngramsOf(text: string, n: number): readonly string[] {
  const words = wordsOf(text)
  return Array.from({ length: Math.max(0, words.length - n + 1) }, (_, i) => words.slice(i, i + n).join(' '))
}
