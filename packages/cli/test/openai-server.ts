import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A server in the protocol of OpenAI, for tests of commands. */
export interface OpenAiServer {
  readonly url: string
  /** Bodies of the requests for completions so far, those of probes too. */
  readonly asked: readonly {
    readonly messages: readonly { readonly content: string }[]
    readonly seed: number
    readonly logprobs?: boolean
    readonly top_logprobs?: number
  }[]
  readonly keys: readonly (string | undefined)[]
  close(): Promise<void>
}

/** Of three tokens: e⁻¹ᐟ¹⁰ where the answer is right, e⁻¹ where it is wrong. */
function logprobsOf({ seed, top_logprobs: top = 0 }: OpenAiServer['asked'][number]): object {
  const [logprob, other] = seed % 3 === 0 ? [-1, -1.2] : [-0.1, -3]
  const likeliest = [
    { token: 'It', logprob },
    { token: 'is', logprob: other },
  ]
  return { content: [0, 1, 2].map(() => ({ token: 'It', logprob, top_logprobs: likeliest.slice(0, top) })) }
}

/**
 * Answers each question `a + b` by the sum, or in a third of the seeds by one more, of which it is less sure.
 *
 * @param delay milliseconds that an answer takes
 * @param refuses whether a question is answered by 500
 */
export async function openAiServer({ delay = 0, refuses = (_: string): boolean => false } = {}): Promise<OpenAiServer> {
  const asked: OpenAiServer['asked'][number][] = []
  const keys: (string | undefined)[] = []
  const server = createServer((request, response) => {
    let text = ''
    request.on('data', (chunk) => (text += chunk))
    request.on('end', () => {
      keys.push(request.headers.authorization)
      response.setHeader('content-type', 'application/json')
      if (request.url!.endsWith('/models')) {
        response.end('{"data":[{"id":"adder","owned_by":"somebody"}]}')
        return
      }
      const body = JSON.parse(text) as OpenAiServer['asked'][number]
      asked.push(body)
      const question = body.messages.at(-1)!.content
      if (refuses(question)) {
        response.writeHead(500, { 'retry-after': '0' }).end('{"error":{"message":"out of order"}}')
        return
      }
      const sum = question.split('+').reduce((total, term) => total + Number(term), 0)
      const content = `It is ${body.seed % 3 === 0 ? sum + 1 : sum}.`
      const message = { role: 'assistant', content }
      const choices = [
        { index: 0, message, finish_reason: 'stop', ...(body.logprobs && { logprobs: logprobsOf(body) }) },
      ]
      const usage = { prompt_tokens: 4, completion_tokens: 3 }
      setTimeout(() => response.end(JSON.stringify({ choices, usage })), delay)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    asked,
    keys,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
