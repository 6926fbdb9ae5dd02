import { getConnInfo } from '@hono/node-server/conninfo'
import { callCallerNow, described, invalidArgument, requireInteger, shown } from '@posttrain/core'
import { Hono, type Context } from 'hono'
import { bodyLimit as limitBody } from 'hono/body-limit'
import type * as z from 'zod'
import type { RequestMetrics } from './metrics.js'
import { readBody } from './read-body.js'
import { Refusal, refusalOf, refusalResponse } from './refusal.js'
import { requireToken } from './token.js'
import type { WebRequest, WebResponse, WebSignal } from './web.js'

/** A server without a port: `listen` gives it one. */
export interface WebServer {
  /** Answers a request. The second argument is what Node's adapter says of the connection. */
  readonly fetch: (request: WebRequest, connection?: object) => Promise<WebResponse>
  /** Refuses whatever comes from now on with 503; resolves once all that was taken on is answered. */
  readonly close: () => Promise<void>
}

/** To whom something is served, whatever it is. */
export interface AccessOptions {
  /** What clients must know; `false` lets everybody in who reaches the port. */
  readonly token: string | false
  /** Bytes of a request (default 16 MiB); larger ones are refused with 413. */
  readonly bodyLimit?: number | undefined
  /** Told of each request that was refused or failed. */
  readonly onRefusal?: ((refusal: Refusal, path: string) => void) | undefined
}

/** Who asks, and when it has left. */
export interface Client {
  readonly name: string
  readonly signal: WebSignal
}

/** A path to which JSON is posted. */
export interface Post {
  readonly path: string
  readonly body: z.ZodType
  /** @param body as the schema gives it */
  readonly answer: (body: unknown, client: Client, context: Context) => Promise<WebResponse>
}

/** What a server serves. */
export interface WebAppOptions extends AccessOptions {
  /** What `/health` adds to its status, to anybody. */
  readonly health: () => object
  readonly metrics: RequestMetrics
  /** Paths that are read, and what they say as JSON. */
  readonly gets: Readonly<Record<string, () => unknown>>
  readonly posts: readonly Post[]
}

/**
 * What all servers have in common: `/health`, the token, `/metrics`, the limit of a body, and refusals as JSON.
 *
 * @throws PosttrainError `invalid-argument` for an empty token or a limit that is no count
 */
export function makeWebApp(options: WebAppOptions): WebServer['fetch'] {
  const { token, health, metrics, gets, posts, bodyLimit = 16 * 2 ** 20 } = options
  if (token !== false && (typeof token !== 'string' || token === '')) {
    throw invalidArgument(`token is ${described(token)}`, 'give a token, or false to let everybody in')
  }
  requireInteger('bodyLimit', bodyLimit, { min: 1 })
  const paths = new Set(['/health', '/metrics', ...Object.keys(gets), ...posts.map(({ path }) => path)])

  const app = new Hono()
  app.use(async (c, next) => {
    await next()
    metrics.request(paths.has(c.req.path) ? c.req.path : 'other', c.res.status)
  })
  app.get('/health', (c) => c.json({ status: 'ok', ...health() }))
  app.use(async (c, next) => {
    if (token !== false) requireToken(token, c.req.raw)
    await next()
  })
  app.get('/metrics', async (c) => c.body(await metrics.text(), 200, { 'content-type': metrics.contentType }))
  for (const [path, say] of Object.entries(gets)) app.get(path, (c) => c.json(say() as object))
  app.use(limitBody({ maxSize: bodyLimit, onError: () => refusalResponse(tooLarge(bodyLimit)) }))
  for (const { path, body, answer } of posts) {
    app.post(path, async (c) => answer(await readBody(c.req.raw, body), clientOf(c), c))
  }
  app.notFound(({ req }) =>
    refusalResponse(new Refusal(404, 'not-found', `there is no ${req.method} ${shown(req.path)}`)),
  )
  app.onError((error, { req }) => {
    const refusal = refusalOf(error)
    callCallerNow('onRefusal', `of ${req.path}`, () => options.onRefusal?.(refusal, req.path))
    return refusalResponse(refusal)
  })
  return async (request, connection) => app.fetch(request, connection)
}

const tooLarge = (most: number): Refusal =>
  new Refusal(413, 'too-large', `the body is larger than ${most} bytes`, { hint: 'send less in a request' })

/** The address of a client, where the adapter knows it. */
function clientOf(c: Context): Client {
  const isNode = typeof c.env === 'object' && c.env !== null && 'incoming' in c.env
  const address = isNode ? getConnInfo(c).remote.address : undefined
  return { name: address ?? 'unknown', signal: c.req.raw.signal }
}
