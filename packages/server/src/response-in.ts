/** Tokens that are no text, as the vocabularies in use write them. */
const SPECIAL = String.raw`<\|[^|<>\n]*\|>|<｜[^｜\n]*｜>|</?s>|<(?:bos|eos|pad|unk|start_of_turn|end_of_turn)>|\[PAD\]`
const AT_START = new RegExp(`^(?:\\s*(?:${SPECIAL}))+`)
const AT_END = new RegExp(`(?:\\s*(?:${SPECIAL}))+\\s*$`)

/** Fewest characters by which a prompt that was cut is known again: shorter ends are found by chance. */
const LEAST_OVERLAP = 32

/**
 * The completion in a text that says the prompt, the completion and their special tokens. A prompt that was cut at its
 * beginning, because it was too long, is known by its end.
 *
 * @returns undefined where the text begins neither with the prompt nor with an end of it
 * @example
 * ```ts
 * responseIn('<s>1+1=2</s>', '1+1=') // => '2'
 * ```
 */
export function responseIn(query: string, prompt: string): string | undefined {
  const whole = afterPrompt(query, prompt) ?? afterPrompt(query.replace(AT_START, ''), prompt.replace(AT_START, ''))
  return whole?.replace(AT_END, '')
}

function afterPrompt(query: string, prompt: string): string | undefined {
  const shared = overlap(prompt, query)
  return shared === prompt.length || shared >= LEAST_OVERLAP ? query.slice(shared) : undefined
}

/** Length of the longest end of `text` with which `next` begins (Knuth, Morris, Pratt 1977). */
function overlap(text: string, next: string): number {
  const borders = [0]
  const longer = (from: number, unit: string | undefined): number => {
    let length = from
    while (length > 0 && (length === next.length || next[length] !== unit)) length = borders[length - 1]!
    return next[length] === unit ? length + 1 : length
  }
  for (let i = 1; i < Math.min(next.length, text.length); i++) borders.push(longer(borders[i - 1]!, next[i]))
  let length = 0
  for (const unit of text.split('')) length = longer(length, unit)
  return length
}
