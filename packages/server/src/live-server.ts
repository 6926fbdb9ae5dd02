import { throwIfAborted } from '@posttrain/core'
import { Hono, type Context } from 'hono'
import { streamSSE } from 'hono/streaming'
import { requireLoopback } from './loopback.js'
import { Refusal, refusalBody, refusalOf, refusalResponse } from './refusal.js'
import type { WebServer } from './web-app.js'
import type { WebSignal } from './web.js'

/** Where a page asks for what goes on. */
const EVENTS = '/events'
/** Milliseconds between signs of life while nothing goes on. */
const SIGN_OF_LIFE = 15_000
const HEADERS = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' }

/** A page, and what it is told. */
export interface LiveServerOptions {
  /** HTML; it asks `/events` for server-sent events. */
  readonly page: string
  /**
   * What one page is told, from the beginning: an event each, as JSON. It ends when nothing will come any more.
   *
   * @param signal fires when the page is gone or the server closes
   */
  readonly events: (signal: WebSignal) => AsyncIterable<object>
}

/**
 * A page behind HTTP that is told of something while it goes on, for this machine alone: a request whose Host is no
 * name of this machine is refused, so that no other site can read it through a browser. `GET /` is the page, and
 * `GET /events` the stream; a page that comes again is told all from the beginning.
 *
 * @example
 * ```ts
 * async function* events(): AsyncGenerator<object> {
 *   yield { step: 1 }
 * }
 * const server = liveServer({ page: '<p>live', events })
 * const response = await server.fetch(new Request('http://localhost/events', { headers: { host: 'localhost' } }))
 * await response.text() // => 'data: {"step":1}\n\n'
 * ```
 */
export function liveServer({ page, events }: LiveServerOptions): WebServer {
  const closing = new AbortController()
  const app = new Hono()
  app.use(async (c, next) => {
    requireLoopback(c.req.header('host'))
    await next()
    for (const [name, value] of Object.entries(HEADERS)) c.header(name, value)
  })
  app.get('/', (c) => c.html(page))
  app.get('/favicon.ico', (c) => c.body(null, 204))
  app.get(EVENTS, (c) => stream(c, events, closing.signal))
  app.notFound(({ req }) => refusalResponse(new Refusal(404, 'not-found', `there is no ${req.method} ${req.path}`)))
  app.onError((error) => refusalResponse(refusalOf(error)))
  return { fetch: async (request, connection) => app.fetch(request, connection), close: async () => closing.abort() }
}

const stream = (context: Context, events: LiveServerOptions['events'], closing: WebSignal): Response =>
  streamSSE(context, async (sse) => {
    const gone = new AbortController()
    const leave = (): void => gone.abort()
    sse.onAbort(leave)
    closing.addEventListener('abort', leave)
    const life = setInterval(() => void sse.write(': waiting\n\n'), SIGN_OF_LIFE)
    try {
      throwIfAborted(closing)
      for await (const event of events(gone.signal)) {
        if (sse.aborted) return
        await sse.writeSSE({ data: JSON.stringify(event) })
      }
    } catch (error) {
      if (!gone.signal.aborted) await sse.writeSSE({ event: 'failure', data: JSON.stringify(refusalBody(error)) })
    } finally {
      clearInterval(life)
      closing.removeEventListener('abort', leave)
    }
  })
