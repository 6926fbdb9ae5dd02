import { getConnInfo } from '@hono/node-server/conninfo'
import {
  callCallerNow,
  described,
  invalidArgument,
  requireFinite,
  requireInteger,
  shown,
  unsupported,
  type RewardFunction,
} from '@posttrain/core'
import { Hono, type Context } from 'hono'
import { bodyLimit as limitBody } from 'hono/body-limit'
import type { Form } from './form.js'
import { closeSession, seedSession, verify } from './forms/nemo-gym.js'
import { openRlhf } from './forms/open-rlhf.js'
import { runCode } from './forms/sandbox-fusion.js'
import { score } from './forms/score.js'
import { slime } from './forms/slime.js'
import { makeJudge, type Client } from './judge.js'
import { makeMetrics } from './metrics.js'
import { makeRun, type ProgramRunner } from './program-runner.js'
import { readBody } from './read-body.js'
import { Refusal, refusalOf, refusalResponse } from './refusal.js'
import { Room } from './room.js'
import { requireToken } from './token.js'
import type { WebRequest, WebResponse } from './web.js'

/** What is served, to whom, and how much of it at a time. */
export interface RewardServerOptions {
  readonly reward: RewardFunction
  /** What clients must know; `false` lets everybody in who reaches the port. */
  readonly token: string | false
  /** Runs the Python programs of Sandbox Fusion's form; without it there is no such form. */
  readonly programs?: ProgramRunner | undefined
  /** Samples that are judged at the same time (default 8). */
  readonly concurrency?: number | undefined
  /** Samples that may wait (default 1,024); more are refused with 503. */
  readonly queue?: number | undefined
  /** Samples of one address that may be judged or wait; more are refused with 429 (default: no limit). */
  readonly perClient?: number | undefined
  /** Bytes of a request (default 16 MiB); larger ones are refused with 413. */
  readonly bodyLimit?: number | undefined
  /** Seconds that a sample is judged at most, from when its turn comes; then it is unscored (default 100). */
  readonly deadline?: number | undefined
  /** Told of each request that was refused or failed. */
  readonly onRefusal?: ((refusal: Refusal, path: string) => void) | undefined
}

/** A server without a port: `listen` gives it one. */
export interface RewardServer {
  /** Answers a request. The second argument is what Node's adapter says of the connection. */
  readonly fetch: (request: WebRequest, connection?: object) => Promise<WebResponse>
  /** Refuses whatever comes from now on with 503; resolves once all that was taken on is answered. */
  readonly close: () => Promise<void>
}

const FORMS: readonly Form[] = [score, openRlhf, slime, verify, seedSession, closeSession]

/**
 * A reward behind HTTP, in the forms that trainers speak: our own `/score`, OpenRLHF's `/get_reward`, slime's
 * `/reward`, NeMo Gym's `/verify`, and Sandbox Fusion's `/run_code`; with `/health` and, for Prometheus, `/metrics`.
 *
 * @throws PosttrainError `invalid-argument` for an empty token or a bound out of range; `unsupported` for a reward that
 *   compares samples, since trainers send them one by one
 * @example
 * ```ts
 * const judge = ({ text }: Sample): Outcome => ({ kind: 'scored', reward: text.length })
 * const reward: RewardFunction = { name: 'length', score: async (_, samples) => samples.map(judge) }
 * const server = rewardServer({ reward, token: false })
 * const headers = { 'content-type': 'application/json' }
 * const body = JSON.stringify({ samples: [{ response: 'four' }] })
 * const response = await server.fetch(new Request('http://localhost/score', { method: 'POST', headers, body }))
 * await response.json() // => { outcomes: [{ reward: 4 }] }
 * ```
 */
export function rewardServer(options: RewardServerOptions): RewardServer {
  const { reward, token, programs, concurrency, queue, perClient, bodyLimit, deadline } = requireOptions(options)
  const room = new Room({ concurrency, queue, perClient })
  const metrics = makeMetrics(room)
  const judge = makeJudge({ reward, room, metrics, deadline })
  const desk = { judge, run: programs ? makeRun(programs, room) : noPrograms }
  const forms = programs ? [...FORMS, runCode] : FORMS
  const paths = new Set(['/health', '/metrics', '/reverify_mode', ...forms.map(({ path }) => path)])

  const app = new Hono()
  app.use(async (c, next) => {
    await next()
    metrics.request(paths.has(c.req.path) ? c.req.path : 'other', c.res.status)
  })
  app.get('/health', (c) => c.json({ status: 'ok', reward: reward.name, running: room.running, waiting: room.waiting }))
  app.use(async (c, next) => {
    if (token !== false) requireToken(token, c.req.raw)
    await next()
  })
  app.get('/metrics', async (c) => c.body(await metrics.text(), 200, { 'content-type': metrics.contentType }))
  app.get('/reverify_mode', (c) => c.json('stateless'))
  app.use(limitBody({ maxSize: bodyLimit, onError: () => refusalResponse(tooLarge(bodyLimit)) }))
  for (const { path, body, answer } of forms) {
    app.post(path, async (c) => c.json((await answer(await readBody(c.req.raw, body), desk, clientOf(c))) as object))
  }
  app.notFound(({ req }) =>
    refusalResponse(new Refusal(404, 'not-found', `there is no ${req.method} ${shown(req.path)}`)),
  )
  app.onError((error, { req }) => {
    const refusal = refusalOf(error)
    callCallerNow('onRefusal', `of ${req.path}`, () => options.onRefusal?.(refusal, req.path))
    return refusalResponse(refusal)
  })
  return { fetch: async (request, connection) => app.fetch(request, connection), close: () => room.close() }
}

function requireOptions(options: RewardServerOptions) {
  const { reward, token, programs, concurrency = 8, queue = 1024, bodyLimit = 16 * 2 ** 20, deadline = 100 } = options
  if (reward.comparesSamples) {
    throw unsupported(`the reward ${shown(reward.name)} compares samples, but trainers send them one by one`)
  }
  if (token !== false && (typeof token !== 'string' || token === '')) {
    throw invalidArgument(`token is ${described(token)}`, 'give a token, or false to let everybody in')
  }
  return {
    reward,
    token,
    programs,
    concurrency: requireInteger('concurrency', concurrency, { min: 1 }),
    queue: requireInteger('queue', queue, { min: 0 }),
    perClient: options.perClient === undefined ? Infinity : requireInteger('perClient', options.perClient, { min: 1 }),
    bodyLimit: requireInteger('bodyLimit', bodyLimit, { min: 1 }),
    deadline: requireFinite('deadline', deadline, { above: 0, max: 86_400 }),
  }
}

const tooLarge = (most: number): Refusal =>
  new Refusal(413, 'too-large', `the body is larger than ${most} bytes`, { hint: 'send fewer samples in a request' })

const noPrograms = async (): Promise<never> => {
  throw new Refusal(404, 'not-found', 'this server runs no programs')
}

/** The address of a client, where the adapter knows it. */
function clientOf(c: Context): Client {
  const isNode = typeof c.env === 'object' && c.env !== null && 'incoming' in c.env
  const address = isNode ? getConnInfo(c).remote.address : undefined
  return { name: address ?? 'unknown', signal: c.req.raw.signal }
}
