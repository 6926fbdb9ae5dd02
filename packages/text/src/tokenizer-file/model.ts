import * as z from 'zod'
import { flag, part, text } from './fields.js'

/** Says the first fault of a value of many entries; a schema of each of them would take seconds. */
const all = <T>(expected: string, isRight: (value: unknown) => value is T, faultOf: (value: T) => string | undefined) =>
  z.unknown().superRefine((value, context) => {
    const message = isRight(value) ? faultOf(value) : `expected ${expected}`
    if (message !== undefined) context.addIssue({ code: 'custom', message })
  }) as z.ZodType<T>

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isId = (id: unknown): id is number => Number.isSafeInteger(id) && (id as number) >= 0

/** Ids by token. */
const vocabulary = all('an object of ids by token', isObject, (vocab) => {
  const wrong = Object.entries(vocab).find(([, id]) => !isId(id))
  return wrong && `the token ${JSON.stringify(wrong[0])} has the id ${JSON.stringify(wrong[1])}`
})

/** Tokens with the logarithms of their probabilities; a token's place is its id. */
const pieces = all('an array of tokens with their scores', Array.isArray, (vocab: readonly unknown[]) => {
  if (vocab.length === 0) return 'expected at least one token'
  const isPiece = (entry: unknown): boolean =>
    Array.isArray(entry) && entry.length === 2 && typeof entry[0] === 'string' && Number.isFinite(entry[1])
  const wrong = vocab.findIndex((entry) => !isPiece(entry))
  return wrong < 0 ? undefined : `entry ${wrong} is not a token with its score`
})

/** A merge of two parts: both in one text with a space between them, or as two texts. */
export const partsOf = (merge: unknown): readonly unknown[] | undefined =>
  typeof merge === 'string' ? merge.split(' ') : Array.isArray(merge) ? merge : undefined

/** Merges, the most urgent first, all in one of the two forms. */
const merges = all('an array of merges', Array.isArray, (given: readonly unknown[]) => {
  const form = typeof given[0]
  const isMerge = (merge: unknown): boolean => {
    const parts = typeof merge === form ? partsOf(merge) : undefined
    return parts?.length === 2 && parts.every((one) => typeof one === 'string' && one !== '')
  }
  const wrong = given.findIndex((merge) => !isMerge(merge))
  return wrong < 0 ? undefined : `merge ${wrong} is not of two parts, in the form of the first`
})

/** What older files leave out, as the library tells it. */
function typeOf(model: Readonly<Record<string, unknown>>): string {
  if (Array.isArray(model['vocab'])) return 'Unigram'
  if (!('continuing_subword_prefix' in model && 'unk_token' in model)) return 'WordLevel'
  return 'merges' in model ? 'BPE' : 'WordPiece'
}

const withType = (model: unknown): unknown =>
  isObject(model) && (model['type'] === undefined || model['type'] === null) ? { ...model, type: typeOf(model) } : model

/** What turns pieces of a text into tokens. */
export const model: z.ZodType = z.preprocess(
  withType,
  z.discriminatedUnion('type', [
    part('BPE', {
      vocab: vocabulary,
      merges,
      unk_token: text,
      continuing_subword_prefix: text,
      continuing_subword_suffix: text,
      end_of_word_suffix: text,
      fuse_unk: flag,
      byte_fallback: flag,
      ignore_merges: flag,
    }),
    part('WordPiece', {
      vocab: vocabulary,
      unk_token: z.string(),
      continuing_subword_prefix: z.string(),
      max_input_chars_per_word: z.int().positive().nullish(),
    }),
    part('Unigram', { vocab: pieces, unk_id: z.int().nonnegative().nullish(), byte_fallback: flag }),
    part('WordLevel', { vocab: vocabulary, unk_token: text }),
  ]),
)
