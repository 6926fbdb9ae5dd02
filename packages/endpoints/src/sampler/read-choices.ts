import { problemsOf, shown } from '@posttrain/core'
import * as z from 'zod'
import { EndpointFailure } from '../server/endpoint-failure.js'

/** A choice of a response, in either form. */
export interface Choice {
  /** Its number within the request. */
  readonly index: number
  readonly text: string
  /** `stop` or `length`; anything else is why there is no completion. */
  readonly finish: string
  /** What ended it, where the server says so: a text, or the number of an end token. */
  readonly stopReason: string | number | null | undefined
  readonly tokens: readonly number[] | undefined
  /** Of its tokens, as far as the server gave them. */
  readonly logprobs: readonly number[] | undefined
  /** Of the likeliest tokens in each one's place, in any order, as far as the server gave them. */
  readonly top: readonly (readonly number[])[] | undefined
}

/** A response, read. */
export interface Choices {
  readonly choices: readonly Choice[]
  readonly promptTokens: number
  readonly completionTokens: number
}

const ids = z.array(z.int().min(0)).nullish()
// Likeliest tokens in another form are as good as none: the completion was paid for.
const alternatives = z
  .array(z.looseObject({ logprob: z.number() }))
  .nullish()
  .catch(null)
const chatLogprobs = z.looseObject({
  content: z
    .array(z.looseObject({ logprob: z.number(), id: z.int().optional(), top_logprobs: alternatives }))
    .nullish(),
})
const textLogprobs = z.looseObject({
  token_logprobs: z.array(z.number().nullable()),
  top_logprobs: z.array(z.record(z.string(), z.number()).nullable()).nullish().catch(null),
})
const stopReason = z.union([z.string(), z.number()]).nullish()
const response = z.looseObject({
  choices: z
    .array(
      z.looseObject({
        index: z.int().min(0).default(0),
        text: z.string().optional(),
        message: z.looseObject({ content: z.string().nullish(), refusal: z.string().nullish() }).optional(),
        finish_reason: z.string().nullish(),
        stop_reason: stopReason,
        matched_stop: stopReason,
        token_ids: ids,
        logprobs: z.union([textLogprobs, chatLogprobs]).nullish(),
      }),
    )
    .min(1),
  usage: z.looseObject({ prompt_tokens: z.int().min(0), completion_tokens: z.int().min(0).nullish() }).nullish(),
})

type RawChoice = z.output<typeof response>['choices'][number]

/**
 * Reads what a server answered.
 *
 * @throws EndpointFailure for what is no response: it is asked for again
 */
export function readChoices(answer: unknown): Choices {
  const read = response.safeParse(answer)
  if (!read.success) {
    const said = typeof answer === 'string' ? `: ${shown(answer, 100)}` : ''
    throw new EndpointFailure(`the answer is no completion: ${problemsOf(read.error)}${said}`, { scope: 'again' })
  }
  const { choices, usage } = read.data
  const all = choices.map(choiceOf)
  const counted = all.reduce((sum, { tokens, logprobs }) => sum + (tokens ?? logprobs ?? []).length, 0)
  return {
    choices: all,
    promptTokens: usage?.prompt_tokens ?? 0,
    completionTokens: usage?.completion_tokens ?? counted,
  }
}

function choiceOf({ index, text, message, logprobs, ...raw }: RawChoice): Choice {
  const entries = logprobs && 'content' in logprobs ? (logprobs.content as readonly LogprobEntry[] | null) : undefined
  const values = entries?.map(({ logprob }) => logprob) ?? valuesOf(logprobs)
  const withIds = entries?.every(({ id }) => id !== undefined) ? entries.map(({ id }) => id!) : undefined
  return {
    index,
    text: text ?? message?.content ?? message?.refusal ?? '',
    finish: raw.finish_reason ?? 'nothing',
    stopReason: raw.stop_reason ?? raw.matched_stop,
    tokens: raw.token_ids ?? withIds,
    logprobs: values,
    top: topOf(logprobs, entries),
  }
}

interface LogprobEntry {
  readonly logprob: number
  readonly id?: number | undefined
  readonly top_logprobs?: readonly { readonly logprob: number }[] | null | undefined
}

function valuesOf(logprobs: RawChoice['logprobs']): readonly number[] | undefined {
  if (!logprobs || !('token_logprobs' in logprobs)) return undefined
  const values = logprobs.token_logprobs as readonly (number | null)[]
  return values.every((value) => value !== null) ? values : undefined
}

function topOf(logprobs: RawChoice['logprobs'], entries: readonly LogprobEntry[] | null | undefined): Choice['top'] {
  if (entries) return entries.map(({ top_logprobs: top }) => (top ?? []).map(({ logprob }) => logprob))
  if (!logprobs || !('token_logprobs' in logprobs)) return undefined
  const top = logprobs.top_logprobs as readonly (Readonly<Record<string, number>> | null)[] | null | undefined
  return top?.map((at) => Object.values(at ?? {}))
}
