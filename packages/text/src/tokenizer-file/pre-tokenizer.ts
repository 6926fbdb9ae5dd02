import * as z from 'zod'
import { flag, part, pattern, text } from './fields.js'

/** How a text is cut before the model sees it. */
export const preTokenizer: z.ZodType = z.discriminatedUnion('type', [
  part('BertPreTokenizer'),
  part('Sequence', { pretokenizers: z.array(z.lazy(() => preTokenizer)) }),
  part('Whitespace'),
  part('WhitespaceSplit'),
  part('Metaspace', {
    replacement: text,
    str_rep: text,
    prepend_scheme: z.enum(['always', 'first', 'never']).nullish(),
    add_prefix_space: flag,
    split: flag,
  }),
  part('ByteLevel', { add_prefix_space: flag, trim_offsets: flag, use_regex: flag }),
  part('Split', { pattern, behavior: text, invert: flag }),
  part('Punctuation', { behavior: text }),
  part('Digits', { individual_digits: flag }),
  part('Replace', { pattern, content: text }),
  // Of length 0 there would be infinitely many pieces.
  part('FixedLength', { length: z.int().positive() }),
])
