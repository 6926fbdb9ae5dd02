import { invalidData } from '@posttrain/core'
import * as z from 'zod'
import { parseJSON, requireSchema } from '../parse-json.js'
import { decoder } from './decoder.js'
import { flag } from './fields.js'
import { model, partsOf } from './model.js'
import { normalizer } from './normalizer.js'
import { addedAround, postProcessor } from './post-processor.js'
import { preTokenizer } from './pre-tokenizer.js'

/** A `tokenizer.json` that was checked. */
export interface TokenizerFile {
  /** What it says, for the library. */
  readonly json: Readonly<Record<string, unknown>>
  /** The least number of tokens that has room for its largest id. */
  readonly size: number
}

const addedToken = z.looseObject({
  id: z.int().nonnegative(),
  content: z.string().min(1),
  single_word: flag,
  lstrip: flag,
  rstrip: flag,
  normalized: flag,
  special: flag,
})

const schema = z.looseObject({
  model,
  normalizer: normalizer.nullable(),
  pre_tokenizer: preTokenizer.nullable(),
  post_processor: postProcessor.nullable(),
  decoder: decoder.nullable(),
  added_tokens: z.array(addedToken),
})

type Pieces = readonly (readonly [token: string, score: number])[]
type IdsByToken = Readonly<Record<string, number>>

const isPieces = (vocab: Pieces | IdsByToken): vocab is Pieces => Array.isArray(vocab)

/** What a model of a file that fits the schema has. */
interface CheckedModel {
  readonly vocab: Pieces | IdsByToken
  readonly unk_token?: string | null | undefined
  readonly unk_id?: number | null | undefined
  readonly merges?: readonly unknown[] | undefined
  readonly continuing_subword_prefix?: string | null | undefined
}

const refused = (why: string): Error => invalidData(`tokenizer.json is refused: ${why}`)

/**
 * Reads a `tokenizer.json` and finds what would otherwise show only in the first text that is encoded: parts of types
 * that nobody knows, ids that two tokens share, merges into no token.
 *
 * @throws PosttrainError `invalid-data`, naming the field
 */
export function parseTokenizerFile(text: string): TokenizerFile {
  const json = parseJSON('tokenizer.json', text, z.looseObject({}))
  const file = requireSchema('tokenizer.json', json, schema)
  const checked = file.model as CheckedModel
  const ids = idsOf(checked, file.added_tokens)
  let largest = -1
  for (const [token, id] of ids) {
    if (id >= text.length) {
      throw refused(
        `${JSON.stringify(token)} has the id ${id}, but a file of ${text.length} characters has fewer tokens`,
      )
    }
    largest = Math.max(largest, id)
  }
  requireTokens(checked, ids)
  for (const [field, token] of addedAround(file.post_processor)) {
    if (!ids.has(token)) throw refused(`${field} adds ${JSON.stringify(token)}, which is not a token`)
  }
  return { json, size: largest + 1 }
}

/** All tokens with their ids. */
function idsOf({ vocab }: CheckedModel, added: readonly z.infer<typeof addedToken>[]): ReadonlyMap<string, number> {
  const ids = new Map<string, number>()
  const tokens = new Map<number, string>()
  const own = isPieces(vocab) ? vocab.map(([token], id) => [token, id] as const) : Object.entries(vocab)
  for (const [token, id] of [...own, ...added.map(({ content, id }) => [content, id] as const)]) {
    const [known, owner] = [ids.get(token) ?? id, tokens.get(id) ?? token]
    if (known !== id) throw refused(`${JSON.stringify(token)} has the ids ${known} and ${id}`)
    if (owner !== token) throw refused(`${JSON.stringify(owner)} and ${JSON.stringify(token)} have the id ${id}`)
    ids.set(token, id)
    tokens.set(id, token)
  }
  return ids
}

/** Requires that what a model names are tokens. */
function requireTokens(
  { vocab, merges = [], unk_token: unknown, unk_id: unknownId, continuing_subword_prefix: prefix }: CheckedModel,
  ids: ReadonlyMap<string, number>,
): void {
  // Some files have an empty text where others have null.
  if (unknown && !ids.has(unknown)) throw refused(`model.unk_token is ${JSON.stringify(unknown)}, which is not a token`)
  if (unknownId && isPieces(vocab) && unknownId >= vocab.length) {
    throw refused(`model.unk_id is ${unknownId}, but model.vocab has ${vocab.length} tokens`)
  }
  merges.forEach((merge, i) => {
    const [left, right] = partsOf(merge) as readonly [string, string]
    const merged = left + right.slice(prefix && right.startsWith(prefix) ? prefix.length : 0)
    if (!ids.has(merged)) throw refused(`model.merges[${i}] makes ${JSON.stringify(merged)}, which is not a token`)
  })
}
