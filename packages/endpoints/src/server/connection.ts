import { invalidArgument, onAbort, reasonOf, shown, throwIfAborted, type AbortSignalLike } from '@posttrain/core'
import OpenAI from 'openai'
import { EndpointFailure, failureOf } from './endpoint-failure.js'

/** The platform's `fetch`, or what a test or a proxy puts in its place. */
export type FetchLike = (url: string, init: object) => Promise<unknown>

/** Where a server is, and how it is asked. */
export interface ConnectionOptions {
  /** For instance `http://localhost:8000/v1`; without a path `/v1` is added. */
  readonly url: string
  /** Sent as a bearer token; it is in no error and no sample. Absent: none is sent. */
  readonly key?: string | undefined
  /** Seconds that one attempt may take (default 600). */
  readonly timeout?: number | undefined
  /** Default: the platform's. */
  readonly fetch?: FetchLike | undefined
}

/** A server that can be asked. */
export interface Connection {
  /** Its address without user, password and query, for messages. */
  readonly name: string
  /** @throws EndpointFailure */
  post(path: string, body: object, signal?: AbortSignalLike): Promise<unknown>
  get(path: string): Promise<unknown>
}

/** Characters of what a server says in an error that anybody reads. */
const LONGEST = 500

/**
 * A connection by the SDK of OpenAI. Its retries are off: who asks must know how often.
 *
 * @throws PosttrainError `invalid-argument` for what is no URL
 */
export function connect({ url, key, timeout = 600, fetch = globalThis.fetch }: ConnectionOptions): Connection {
  const base = baseOf(url)
  const secrets = [key, base.password].filter((secret): secret is string => secret !== undefined && secret !== '')
  const hidden = (text: string): string =>
    shown(
      secrets.reduce((rest, secret) => rest.replaceAll(secret, '[key]'), text),
      LONGEST,
    )
  const asking = async (to: unknown, init?: object): Promise<Response> => {
    const response = (await fetch(String(to), withoutKey(init ?? {}, key))) as Response
    if (response.ok) return response
    throw failureOf(response, await response.text().catch(() => ''), hidden)
  }
  const client = new OpenAI({
    baseURL: base.href.replace(/\/$/, ''),
    apiKey: key ?? 'none',
    organization: null,
    project: null,
    maxRetries: 0,
    timeout: timeout * 1000,
    logLevel: 'off',
    dangerouslyAllowBrowser: true,
    fetch: asking,
  })
  const trying = async (
    ask: (signal: AbortSignal) => PromiseLike<unknown>,
    signal?: AbortSignalLike,
  ): Promise<unknown> => {
    const own = new AbortController() // the SDK listens to each, and platforms warn of signals with many listeners
    const forget = signal && onAbort(signal, () => own.abort())
    try {
      return await ask(own.signal)
    } catch (error) {
      throwIfAborted(signal)
      throw failureIn(error, hidden, timeout)
    } finally {
      forget?.()
    }
  }
  return {
    name: `${base.origin}${base.pathname}`,
    post: (path, body, signal) => trying((own) => client.post(path, { body, signal: own }), signal),
    get: (path) => trying((own) => client.get(path, { signal: own })),
  }
}

function baseOf(url: string): URL {
  try {
    const base = new URL(url)
    if (!/^https?:$/.test(base.protocol)) throw new Error(`its protocol is ${base.protocol}`)
    if (base.pathname === '/') base.pathname = '/v1'
    return base
  } catch (error) {
    throw invalidArgument(`${shown(url)} is no URL: ${reasonOf(error)}`, 'for instance http://localhost:8000/v1')
  }
}

/** The SDK wants a key; where there is none, none is sent. */
function withoutKey(init: object, key: string | undefined): object {
  if (key !== undefined) return init
  const headers = new Headers((init as { readonly headers?: Record<string, string> }).headers)
  headers.delete('authorization')
  return { ...init, headers }
}

/** The failure that the SDK or the platform threw. */
function failureIn(error: unknown, hidden: (text: string) => string, timeout: number): EndpointFailure {
  for (let cause = error; cause instanceof Error; cause = cause.cause)
    if (cause instanceof EndpointFailure) return cause
  if (error instanceof OpenAI.APIConnectionTimeoutError) {
    return new EndpointFailure(`no answer within ${timeout} seconds`, { scope: 'again' })
  }
  const reasons: string[] = []
  for (let cause = error; cause instanceof Error; cause = cause.cause) reasons.push(cause.message)
  return new EndpointFailure(hidden([...new Set(reasons)].join(' ') || reasonOf(error)), { scope: 'again' })
}
