import { createStream, isMessage, shown, textOf, unsupported } from '@posttrain/core'
import type { Message, Piece, PosttrainError, SampleRequest } from '@posttrain/core'
import type { EndpointAbilities } from '../abilities.js'

/** The two ways to ask. */
export type EndpointApi = 'chat' | 'completions'

/** What all requests of a sampler have in common. */
export interface BodyOptions {
  readonly api: EndpointApi
  readonly model: string
  readonly abilities: EndpointAbilities
  readonly logprobs: boolean
  readonly topLogprobs: number | undefined
}

/** Requests of one sampler differ in this. */
export interface Draw {
  readonly request: SampleRequest
  readonly firstIndex: number
  readonly count: number
}

/** Where a request is sent, and what it says. */
export interface Asked {
  readonly path: string
  readonly body: Readonly<Record<string, unknown>>
}

/**
 * What is sent for some samples of a request. Options are sent as they are given, a temperature of 0 too, and what was
 * not given is left to the server but for the temperature, whose default is 1 here.
 *
 * @throws PosttrainError `unsupported` for what this server cannot do
 */
export function requestBody({ request, firstIndex, count }: Draw, options: BodyOptions): Asked {
  requireAbilities(request, options)
  const { api, model, abilities } = options
  const { temperature = 1, topP, topK, minP, maxTokens, stop, seed, task, id = task.id } = request
  const body = {
    model,
    temperature,
    ...(topP !== undefined && { top_p: topP }),
    ...(topK !== undefined && { top_k: topK }),
    ...(minP !== undefined && { min_p: minP }),
    ...(maxTokens !== undefined && { max_tokens: maxTokens }),
    ...(stop !== undefined && stop.length > 0 && { stop }),
    ...(count > 1 && { n: count }),
    seed: seedOf(seed, id) + firstIndex,
    ...(abilities.tokenIds === 'choice' && { return_token_ids: true }),
  }
  return api === 'chat'
    ? { path: '/chat/completions', body: { ...body, ...chatOf(request, abilities), ...wantedLogprobs(options) } }
    : { path: '/completions', body: { ...body, prompt: textPromptOf(request), ...wantedLogprobs(options) } }
}

/**
 * The fields that ask for log-probs. Where the list of a chat begins with the drawn token, one more is asked for than
 * is kept; in a text tokens are keys, which must be ids where the same text may be of several tokens.
 */
function wantedLogprobs({ api, abilities, logprobs, topLogprobs }: BodyOptions): object {
  if (!logprobs || abilities.logprobs === 'none') return {}
  if (topLogprobs === undefined) return { logprobs: api === 'chat' ? true : 1 }
  if (api === 'chat') return { logprobs: true, top_logprobs: topLogprobs + (abilities.drawnFirst ? 1 : 0) }
  return { logprobs: topLogprobs, ...(abilities.tokenIds === 'choice' && { return_tokens_as_token_ids: true }) }
}

/** Seeds below 2³¹ that count up with the index, so that a later index alone gives the same sample. */
export const seedOf = (seed: number, id: string): number => createStream(seed, 'endpoint', id).integer(2 ** 30)

function requireAbilities({ topK, minP, stop, prefix }: SampleRequest, options: BodyOptions): void {
  const { api, abilities, topLogprobs } = options
  const { engine } = abilities
  if (topLogprobs !== undefined && abilities.logprobs === 'none') {
    throw cannot(engine, 'give log-probs of which it is known what they are of')
  }
  if (topK !== undefined && !abilities.topK) throw cannot(engine, 'cut at topK')
  if (minP !== undefined && !abilities.minP) throw cannot(engine, 'cut at minP')
  // Who gives a prefix, even an empty one, goes on from where a stop text ended: it must be known which.
  if (stop !== undefined && stop.length > 0 && prefix !== undefined && abilities.stopField === 'none') {
    throw cannot(engine, 'say which stop text ended a completion, which who continues it must know')
  }
  if (prefix === undefined || prefix.length === 0) return
  if (api === 'completions' && prefix.some(isMessage)) {
    throw cannot(engine, 'take messages in a completion of text', "use api: 'chat'")
  }
  // A message, a tool's for instance, ends the model's turn: there is nothing to go on from. A piece that says nothing
  // yet begins one.
  if (api === 'chat' && abilities.prefill === 'none' && !isMessage(prefix.at(-1)!)) {
    throw cannot(engine, 'go on from a partial answer in a chat', "use api: 'completions' with a text prompt")
  }
}

const cannot = (engine: string, what: string, hint = 'use a server that can, or leave it out'): PosttrainError =>
  unsupported(`the server (${engine}) cannot ${what}`, hint)

function textPromptOf({ task, prompt = task.prompt, prefix = [] }: SampleRequest): string {
  if (typeof prompt === 'string') return prompt + textOf(prefix)
  throw unsupported(
    `the prompt of ${shown(task.id)} is a chat, which /completions cannot take`,
    "use api: 'chat', or render it by the model's template first",
  )
}

/** The messages, and for those that end in a partial answer what makes the server go on from it. */
function chatOf({ task, prompt = task.prompt, prefix = [] }: SampleRequest, { prefill }: EndpointAbilities): object {
  const messages: Message[] = typeof prompt === 'string' ? [{ role: 'user', content: prompt }] : [...prompt]
  const turns = turnsOf(prefix)
  messages.push(...turns)
  const isBegun = turns.length > 0 && messages.at(-1)?.role === 'assistant'
  return { messages, ...(isBegun && goingOn(prefill)) }
}

/** What makes a server go on from the last message. */
export const goingOn = (prefill: EndpointAbilities['prefill']): object =>
  prefill === 'continue_final_message' ? { continue_final_message: true, add_generation_prompt: false } : {}

/** What a chat gives the model to go on from: all that was said since the last message. */
export const begunBy = (prefix: readonly Piece[]): string =>
  textOf(prefix.slice(prefix.map(isMessage).lastIndexOf(true) + 1))

/** What was said in the model's turn as messages of the assistant, between the messages that came in between. */
function turnsOf(prefix: readonly Piece[]): readonly Message[] {
  const messages: Message[] = []
  let said = ''
  const close = (): void => {
    if (said !== '') messages.push({ role: 'assistant', content: said })
    said = ''
  }
  for (const piece of prefix) {
    if (isMessage(piece)) {
      close()
      messages.push(piece)
    } else said += piece.text
  }
  close()
  return messages
}
