import * as z from 'zod'
import { flag, part, pattern, text } from './fields.js'

/** What is done to a text before it is cut. */
export const normalizer: z.ZodType = z.discriminatedUnion('type', [
  part('BertNormalizer', { clean_text: flag, handle_chinese_chars: flag, strip_accents: flag, lowercase: flag }),
  part('Precompiled', { precompiled_charsmap: text }),
  part('Sequence', { normalizers: z.array(z.lazy(() => normalizer)) }),
  part('Replace', { pattern, content: text }),
  part('NFC'),
  part('NFD'),
  part('NFKC'),
  part('NFKD'),
  part('Strip', { strip_left: flag, strip_right: flag }),
  part('StripAccents'),
  part('Lowercase'),
  part('Prepend', { prepend: z.string() }),
])
