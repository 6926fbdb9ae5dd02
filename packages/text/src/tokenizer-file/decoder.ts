import * as z from 'zod'
import { flag, part, pattern, text } from './fields.js'

const count = z.int().nonnegative().nullish()

/** How tokens become a text. */
export const decoder: z.ZodType = z.discriminatedUnion('type', [
  part('ByteLevel', { add_prefix_space: flag, trim_offsets: flag, use_regex: flag }),
  part('WordPiece', { prefix: text, cleanup: flag }),
  part('Metaspace', { replacement: text }),
  part('BPEDecoder', { suffix: text }),
  part('CTC', { pad_token: text, word_delimiter_token: text, cleanup: flag }),
  part('Sequence', { decoders: z.array(z.lazy(() => decoder)) }),
  part('Replace', { pattern, content: text }),
  part('Fuse'),
  part('Strip', { content: text, start: count, stop: count }),
  part('ByteFallback'),
])
