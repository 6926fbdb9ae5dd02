import { requireInteger, unsupported, type SampleRequest } from '@posttrain/core'
import type { Tokenizer } from '@posttrain/text'
import { beginRequest, type BegunRequest } from '../begun-request.js'
import type { PrefixTable } from './prefix-table.js'
import { requireTextPrompt } from './require-text-prompt.js'

/**
 * Checks requests, all of them before anything is drawn.
 *
 * @throws PosttrainError as `beginRequest`; `invalid-argument` for more `maxTokens` than a completion has;
 *   `unsupported` for a chat or a prefix that is too long, `invalid-data` for a prompt that the table does not have
 */
export const beginTabular = (
  rows: PrefixTable,
  tokenizer: Tokenizer,
  requests: readonly SampleRequest[],
): BegunRequest[] =>
  requests.map((request) => {
    const begun = beginRequest({ tokenizer }, request)
    requireInTable(rows, begun)
    return begun
  })

function requireInTable(rows: PrefixTable, { id, prompt, begun, maxTokens }: BegunRequest): void {
  rows.rowOf(requireTextPrompt(prompt), [])
  if (maxTokens !== Infinity) requireInteger(`maxTokens of request ${id}`, maxTokens, { max: rows.length })
  const { length } = begun.tokens
  if (length <= rows.length) return
  throw unsupported(
    `the prefix of request ${id} has ${length} words, but a completion has at most ${rows.length}`,
    'make the table with a greater length',
  )
}
