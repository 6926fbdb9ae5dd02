import type { EncodedCompletion, PiecedCompletion } from '@posttrain/core'
import { encodeParts } from './encode-parts.js'
import type { TextCodec } from './text-codec.js'

/**
 * A completion as tokens, piece by piece. What was said is the model's own: its tokens are taken as they are where it
 * has some, and its text is encoded otherwise. Messages in a row end the model's turn, with the end token unless the
 * turn ended with it, and are rendered by the template together, which then opens a new turn; only that end token is
 * the model's own. They all end where the last of them does.
 *
 * @param completion what follows a prompt; the prompt itself is not encoded
 * @returns tokens, a mask (tokens) that is 1 on the model's own, and the end of each piece, in tokens
 * @throws PosttrainError `unsupported` for a message without a template, or with one that does not end turns with the
 *   end token; `invalid-data` for text outside the vocabulary
 * @example
 * ```ts
 * const tokenizer = wordTokenizer(['user', 'tool', 'model', '2', '4', '.'], '.')
 * const template = jinjaTemplate('{% for m in messages %}{{ m.role }} {{ m.content }} . {% endfor %}model')
 * const pieces = [{ text: '2' }, { role: 'tool' as const, content: '4' }, { text: '4 .' }]
 * const { tokens, mask, ends } = encodeCompletion({ tokenizer, template }, { prompt: '2', pieces })
 * tokenizer.decode(tokens) // => '2 . tool 4 . model 4 .'
 * mask // => [1, 1, 0, 0, 0, 0, 1, 1]
 * ends // => [1, 6, 8]
 * ```
 */
export function encodeCompletion(codec: TextCodec, completion: PiecedCompletion): EncodedCompletion {
  const parts = encodeParts(codec, completion)
  const ends: number[] = []
  let total = 0
  for (const { tokens, messages } of parts) {
    total += tokens.length
    for (let i = 0; i < Math.max(1, messages.length); i++) ends.push(total)
  }
  return {
    prompt: completion.prompt,
    tokens: parts.flatMap(({ tokens }) => tokens),
    mask: Uint8Array.from(parts.flatMap(({ tokens, own }) => tokens.map((_, t) => (t < own ? 1 : 0)))),
    ends,
  }
}
