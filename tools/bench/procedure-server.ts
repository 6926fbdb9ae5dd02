import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { CLIENTS, loaded, SECONDS, tell, TOKEN, type Answered } from './load.js'
import { report } from './report.js'

/** Samples of a vote. */
const K = 8

/**
 * Loads `posttrain serve procedure maj@8` with 200 clients for a minute, once with room for all and once with a queue
 * that is too short. Behind it is a server of this process that answers at once, whose own rate is the limit.
 */
export async function run(): Promise<void> {
  const upstream = await stub()
  const alone = await throughput(upstream.url)
  const args = [
    'procedure',
    `maj@${K}`,
    '--upstream',
    upstream.url,
    '--model',
    'stub',
    '--answer',
    'math',
    '--parallel',
    '64',
  ]
  const roomy = await loaded([...args, '--concurrency', '16'], asked)
  const tight = await loaded([...args, '--concurrency', '16', '--queue', '50'], asked)
  upstream.close()
  tell('room for all', 'answers', roomy)
  tell('a queue of 50', 'answers', tight)
  const ours = (K * roomy.latencies.length) / roomy.seconds
  report([
    {
      bench: 'procedure-server',
      ours,
      peer: 'the server behind it, asked by the same number of clients',
      peer_value: alone,
      ratio: ours / alone,
      unit: 'samples/s',
    },
  ])
  if (roomy.crossed + roomy.lost + tight.crossed + tight.lost > 0) throw new Error('answers were crossed or lost')
}

/** Asks a question whose number no other has. */
async function asked(url: string, serial: number): Promise<Answered> {
  const response = await post(url, TOKEN, { model: `maj@${K}`, messages: [{ role: 'user', content: `${serial}` }] })
  const { choices } = (await response.json()) as { choices?: { posttrain: { answer: string; samples: number } }[] }
  const { answer, samples } = choices?.[0]?.posttrain ?? {}
  return { status: response.status, isRight: answer === `${serial}` && samples === K }
}

const post = (url: string, token: string, body: object): Promise<Response> =>
  fetch(`${url.replace(/\/v1$/, '')}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
  })

/** A server that answers each question by its number, in seven of eight seeds. */
async function stub(): Promise<{ readonly url: string; close(): void }> {
  const server = createServer((request, response) => {
    let text = ''
    request.on('data', (chunk) => (text += chunk))
    request.on('end', () => {
      response.setHeader('content-type', 'application/json')
      if (request.method === 'GET') {
        response.end('{"data":[{"id":"stub"}]}')
        return
      }
      const { messages, seed = 1 } = JSON.parse(text) as { messages: { content: string }[]; seed?: number }
      const content = seed % 8 === 0 ? 'I do not know.' : `#### ${messages.at(-1).content}`
      const choices = [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }]
      response.end(JSON.stringify({ choices, usage: { prompt_tokens: 4, completion_tokens: 3 } }))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/v1`,
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

/** Answers of the stub in a second, asked by itself. */
async function throughput(url: string): Promise<number> {
  const seconds = Math.min(SECONDS, 10)
  const end = performance.now() + seconds * 1000
  let done = 0
  const client = async (): Promise<void> => {
    while (performance.now() < end) {
      await (await post(url, '', { messages: [{ role: 'user', content: '1' }] })).text()
      done++
    }
  }
  await Promise.all(Array.from({ length: CLIENTS }, client))
  return done / seconds
}
