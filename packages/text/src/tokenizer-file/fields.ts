import * as z from 'zod'

/** A setting that is on or off, and off where it is missing. */
export const flag: z.ZodType = z.boolean().nullish()

/** A text that may be missing. */
export const text: z.ZodType = z.string().nullish()

/** What is searched for: a regular expression or a text. */
export const pattern: z.ZodType = z.union(
  [z.looseObject({ Regex: z.string() }), z.looseObject({ String: z.string() })],
  'expected { Regex: string } or { String: string }',
)

/** A part of a tokenizer of one type: fields that are not named here say nothing that is read. */
export const part = <T extends string>(
  type: T,
  fields: Readonly<Record<string, z.ZodType>> = {},
): z.ZodObject<{ type: z.ZodLiteral<T> }, z.core.$loose> => z.looseObject({ type: z.literal(type), ...fields })
