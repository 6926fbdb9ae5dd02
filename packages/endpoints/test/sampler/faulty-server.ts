import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createStream, type RandomStream } from '@posttrain/core'
import { completionOf } from './fake-server.js'

/** A server of which a share of the answers is wrong, in each of the ways in which answers are. */
export interface FaultyServer {
  readonly url: string
  /** Answers by what they were. */
  readonly answers: Record<string, number>
  close(): Promise<void>
}

type Fault = (response: ServerResponse, whole: string, stream: RandomStream) => void

const json = (response: ServerResponse, text: string): void => {
  response.writeHead(200, { 'content-type': 'application/json' })
  response.end(text)
}

const FAULTS: Readonly<Record<string, Fault>> = {
  unavailable: (response) => void response.writeHead(503).end('overloaded'),
  'too many': (response) => void response.writeHead(429, { 'retry-after': '0' }).end('{"error":{"message":"slow"}}'),
  hanging: () => {},
  truncated: (response, whole) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': whole.length })
    response.write(whole.slice(0, whole.length / 2))
    setTimeout(() => response.destroy(), 2)
  },
  malformed: (response, whole, stream) => json(response, whole.slice(0, stream.integer(whole.length))),
  reset: (response) => void response.destroy(),
  fewer: (response, whole, stream) => {
    const answer = JSON.parse(whole) as { choices: unknown[] }
    json(response, JSON.stringify({ ...answer, choices: answer.choices.filter(() => stream.uniform() < 0.5) }))
  },
}

/** What is asked of a server. */
export interface AskedOfServer {
  readonly path: string
  readonly body: Readonly<Record<string, unknown>>
}

/**
 * @param share of the requests that get a fault
 * @param answer what the server behind it says (default: the fake one)
 */
export async function faultyServer(
  share: number,
  seed: number,
  answer: (asked: AskedOfServer) => Promise<string> = async (asked) => JSON.stringify(completionOf(asked)),
): Promise<FaultyServer> {
  const stream = createStream(seed, 'faults')
  const kinds = Object.keys(FAULTS)
  const answers: Record<string, number> = { whole: 0, ...Object.fromEntries(kinds.map((kind) => [kind, 0])) }
  const respond = async (asked: AskedOfServer, response: ServerResponse): Promise<void> => {
    const whole = await answer(asked)
    const kind = stream.uniform() < share ? kinds[stream.integer(kinds.length)]! : 'whole'
    answers[kind]!++
    if (kind === 'whole') json(response, whole)
    else FAULTS[kind]!(response, whole, stream)
  }
  const server: Server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => (body += chunk))
    request.on('end', () => {
      void respond({ path: request.url!, body: JSON.parse(body) as Record<string, unknown> }, response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answers,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
