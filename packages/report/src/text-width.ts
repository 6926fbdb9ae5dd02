const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' })
const wide = /^[\p{Emoji_Presentation}\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Hangul}\uff01-\uff60]/u

/**
 * Columns a text takes in a terminal: one per grapheme, two for East Asian and emoji ones.
 *
 * @example
 * ```ts
 * textWidth('π@8') // => 3
 * textWidth('猫') // => 2
 * ```
 */
export function textWidth(text: string): number {
  let width = 0
  for (const { segment } of segmenter.segment(text)) width += wide.test(segment) ? 2 : 1
  return width
}

/**
 * The text on one line with every control character made visible, so that a model's output cannot move the cursor or
 * colour the terminal.
 *
 * @example
 * ```ts
 * singleLine('a\nb\u001b[31m') // => 'a⏎b␛[31m'
 * ```
 */
export function singleLine(text: string): string {
  return (
    text
      .replace(/\r\n?|\n/g, '⏎')
      // eslint-disable-next-line no-control-regex -- control characters are what is being replaced
      .replace(/[\u0000-\u001f]/g, (c) => String.fromCharCode(0x2400 + c.charCodeAt(0)))
      .replace(/[\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, '␦')
  )
}
