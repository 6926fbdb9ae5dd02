import * as z from 'zod'
import { part } from './fields.js'

const special = z.looseObject({ SpecialToken: z.looseObject({ id: z.string() }) })
const sequence = (id: z.ZodType): z.ZodType => z.looseObject({ Sequence: z.looseObject({ id }) })
const template = (id: z.ZodType): z.ZodType =>
  z.array(z.union([special, sequence(id)], 'expected { SpecialToken: { id } } or { Sequence: { id } }'))

const token = z.tuple([z.string(), z.int().nonnegative()])

/** What is put around a text's tokens. A text has one sequence, A; only a pair has a second, B. */
export const postProcessor: z.ZodType = z.discriminatedUnion('type', [
  part('TemplateProcessing', {
    single: template(z.literal('A')),
    pair: template(z.enum(['A', 'B'])).nullish(),
  }),
  part('ByteLevel'),
  part('BertProcessing', { sep: token, cls: token }),
  part('RobertaProcessing', { sep: token, cls: token }),
  part('Sequence', { processors: z.array(z.lazy(() => postProcessor)) }),
])

const namingSchema = z.union([
  z.object({ type: z.literal('TemplateProcessing'), single: z.array(z.unknown()) }),
  z.object({ type: z.literal('Sequence'), processors: z.array(z.unknown()) }),
  z.object({ type: z.enum(['BertProcessing', 'RobertaProcessing']), sep: token, cls: token }),
])

/** The special tokens that a post-processor adds to a text, with the field that names each. */
export function addedAround(processor: unknown, field = 'post_processor'): [field: string, token: string][] {
  const { data } = namingSchema.safeParse(processor)
  if (data?.type === 'Sequence') {
    return data.processors.flatMap((one, i) => addedAround(one, `${field}.processors[${i}]`))
  }
  if (data?.type === 'TemplateProcessing') {
    return data.single.flatMap((item, i): [string, string][] => {
      const found = special.safeParse(item).data
      return found ? [[`${field}.single[${i}]`, found.SpecialToken.id]] : []
    })
  }
  return data
    ? [
        [`${field}.cls`, data.cls[0]],
        [`${field}.sep`, data.sep[0]],
      ]
    : []
}
