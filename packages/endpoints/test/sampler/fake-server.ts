import { createStream } from '@posttrain/core'
import type { FetchLike } from '@posttrain/endpoints'

/** A request that a fake server was sent. */
export interface Sent {
  readonly path: string
  readonly body: Readonly<Record<string, unknown>>
  readonly headers: Headers
}

/** A server that answers at once and notes what it was sent. */
export interface FakeServer {
  readonly fetch: FetchLike
  readonly sent: Sent[]
}

/** What is answered instead of the usual: a response, or undefined for the usual one. */
export type Override = (sent: Sent, call: number) => Response | Promise<Response> | undefined

/**
 * Answers like vLLM: `n` choices by the seeds that count up, each of letters that the seed and the words before them
 * fix, with ids and log-probs of its tokens.
 */
export function fakeServer(override: Override = () => undefined): FakeServer {
  const sent: Sent[] = []
  const fetch: FetchLike = async (url, init) => {
    const { body = '{}', headers, signal } = init as { body?: string; headers: Headers; signal?: AbortSignal }
    const one = {
      path: new URL(url).pathname,
      body: JSON.parse(body) as Record<string, unknown>,
      headers: new Headers(headers),
    }
    sent.push(one)
    const other = override(one, sent.length)
    if (other) {
      const hung = new Promise<Response>((_, reject) =>
        signal?.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError'))),
      )
      return Promise.race([other, hung])
    }
    if (one.path.endsWith('/models')) return Response.json({ data: [{ id: 'm', owned_by: 'vllm' }] })
    return Response.json(completionOf(one))
  }
  return { fetch, sent }
}

/** What vLLM would answer, with letters of chance for words. */
export function completionOf({ path, body }: Pick<Sent, 'path' | 'body'>) {
  const {
    n = 1,
    seed = 0,
    max_tokens: most = 6,
    messages,
    prompt,
    temperature = 1,
    top_k: k,
  } = body as unknown as {
    n?: number
    seed?: number
    max_tokens?: number
    messages?: { content: string }[]
    prompt?: string
    temperature?: number
    top_k?: number
  }
  const before = prompt ?? messages!.map(({ content }) => content).join('')
  const choices = Array.from({ length: n }, (_, index) => {
    const stream = createStream(temperature === 0 || k === 1 ? 0 : seed + index, 'fake', before)
    const length = Math.min(most, 1 + stream.integer(6))
    const ids = Array.from({ length }, () => stream.integer(26))
    const text = String.fromCharCode(...ids.map((id) => 97 + id))
    const values = ids.map((id) => -(id + 1) / 8)
    return {
      index,
      finish_reason: length === most ? 'length' : 'stop',
      stop_reason: null,
      token_ids: body['return_token_ids'] ? ids : null,
      ...(path.endsWith('/chat/completions')
        ? {
            message: { role: 'assistant', content: text },
            logprobs: body['logprobs'] ? { content: values.map((logprob) => ({ logprob })) } : null,
          }
        : { text, logprobs: body['logprobs'] ? { token_logprobs: values } : null }),
    }
  })
  const drawn = choices.reduce(
    (sum, choice) => sum + ('text' in choice ? choice.text : choice.message.content).length,
    0,
  )
  return { choices, usage: { prompt_tokens: before.length, completion_tokens: drawn } }
}
