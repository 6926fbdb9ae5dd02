import { invalidArgument, requireBudgetRules, requireFinite, requireInteger, shown, unsupported } from '@posttrain/core'
import type { BudgetRules, Procedure, RewardFunction, Sampler } from '@posttrain/core'
import type { SplitCanary } from '@posttrain/sampling'
import type { Registry } from 'prom-client'
import { makeCanaryJudge, type CanaryJudge, type MadeDecision } from './canary-judge.js'
import { makeDecider } from './decider.js'
import { feedback } from './feedback.js'
import { judgementMetrics } from './judgement-metrics.js'
import { chatCompletions } from './openai/chat-completions.js'
import type { AskedAnswer } from './openai/asked-answer.js'
import { choiceOf } from './openai/choice.js'
import { completions } from './openai/completions.js'
import { unixTime, type OpenAiForm } from './openai/form.js'
import { streamedResponse, wholeResponse } from './openai/respond.js'
import { procedureMetrics } from './procedure-metrics.js'
import { Refusal } from './refusal.js'
import { Room, type RoomOptions } from './room.js'
import { makeWebApp, type AccessOptions, type Post, type WebServer } from './web-app.js'

/** What is deployed, to whom, and within what budget. */
export interface ProcedureServerOptions extends AccessOptions, RoomOptions {
  /** By the names under which clients ask for them, as for models. */
  readonly procedures: Readonly<Record<string, Procedure>>
  /** Live traffic between two procedures: a model of the name `canary`, whose rewards are told at `/v1/feedback`. */
  readonly canary?: SplitCanary | undefined
  /**
   * Judges each decision of the canary once it is answered, without a reference; what it cannot judge is unscored. A
   * run has one reward: that of `/v1/feedback` where it comes first.
   */
  readonly judge?: RewardFunction | undefined
  /** What they draw from. */
  readonly sampler: Sampler
  /** What the person in charge demands of every run; clients can only ask for less than the cap. */
  readonly rules?: BudgetRules | undefined
  /** Root of all randomness of requests that have no seed of their own (default 0). */
  readonly seed?: number | undefined
  /**
   * Seconds that a run takes at most, from when its turn comes; then the answer is 504 (default 600). A judgement takes
   * as long at most, and those that are open at the end do together.
   */
  readonly deadline?: number | undefined
}

/**
 * Procedures behind an OpenAI-compatible endpoint: `/v1/chat/completions`, `/v1/completions` and `/v1/models`, with
 * `/health` and, for Prometheus, `/metrics`. What is deployed is the declaration that was estimated and trained for.
 *
 * Each choice is a run. Its text is that of the sample that was chosen, `usage` counts the tokens of all samples, and
 * the field `posttrain` says the decision, its reason and its cost. An abstention has an empty text and its reason in
 * `refusal`. A client may send `posttrain: { budget: { samples, tokens } }` to spend less, and `metadata` are the tags
 * of its task. With a canary, `/v1/feedback` takes `{ run, reward }`, and `/canary` says what is known of it. With a
 * `judge` too, rewards come by themselves.
 *
 * @throws PosttrainError `invalid-argument` for no procedures, an empty token, rules that cannot be kept, a bound out
 *   of range or a judge without a canary; `unsupported` for a judge that compares samples
 * @example
 * ```ts
 * import { majorityVote } from '@posttrain/sampling'
 *
 * const usage = { promptTokens: 5, completionTokens: 1 }
 * const sampler: Sampler = {
 *   async *sample([{ task, seed, id = task.id, count }]) {
 *     for (let index = 0; index < count; index++) {
 *       yield { id, taskId: task.id, index, seed, text: index === 1 ? '41' : '42', finish: 'stop', usage }
 *     }
 *   },
 * }
 * const vote = majorityVote({ k: 3 })
 * const server = procedureServer({ procedures: { 'majority:3': vote }, sampler, token: false })
 * const headers = { 'content-type': 'application/json' }
 * const body = JSON.stringify({ model: 'majority:3', prompt: '6 · 7 =' })
 * const response = await server.fetch(new Request('http://a/v1/completions', { method: 'POST', headers, body }))
 * const { choices, usage: spent } = (await response.json()) as any
 * choices[0].text // => '42'
 * choices[0].posttrain.reason // => '2 of 3 samples answered 42'
 * spent.completion_tokens // => 3
 * ```
 */
export function procedureServer(options: ProcedureServerOptions): WebServer {
  const { canary, sampler, rules = {}, seed = 0, deadline = 600 } = options
  const procedures = { ...options.procedures, ...(canary && { canary: canary.procedure }) }
  const names = Object.keys(procedures)
  if (names.length === 0) throw invalidArgument('there are no procedures to serve', 'name at least one')
  requireBudgetRules(rules)
  requireInteger('seed', seed)
  requireFinite('deadline', deadline, { above: 0, max: 86_400 })
  const room = new Room('run', options)
  const metrics = procedureMetrics(room)
  const judge = judgeOf(options, metrics.registry, deadline)
  const decide = makeDecider({ sampler, room, metrics, rules, seed, deadline })

  const post = (form: OpenAiForm): Post => ({
    path: form.path,
    body: form.body,
    async answer(body, client, context) {
      const asked = body as AskedAnswer
      const procedure = procedureOf(procedures, asked.model)
      const leave = room.enter(asked.n, client.name)
      const made: MadeDecision[] = []
      const decisions = decide(procedure, asked, client, (one) => made.push(one))
      let endStream = (): void => {}
      const streamed = new Promise<void>((resolve) => (endStream = resolve))
      // All settle before the request leaves the room: those that run keep their places until then.
      const settled = Promise.allSettled(decisions).then(() => {
        if (procedure === canary?.procedure) judge?.take(made, asked.stream ? streamed : sent())
        leave()
      })
      const decided = decisions.map(async (one, index) => choiceOf(index, procedure.name, await one))
      if (asked.stream) return streamedResponse(form, { asked, decided, context, onEnd: endStream })
      try {
        return await wholeResponse(form, asked, decided)
      } finally {
        await settled
      }
    },
  })
  const created = unixTime()
  const models = names.map((id) => ({ id, object: 'model', created, owned_by: 'posttrain' }))
  const fetch = makeWebApp({
    ...options,
    metrics,
    health: () => ({ procedures: names, running: room.running, waiting: room.waiting }),
    gets: {
      '/v1/models': () => ({ object: 'list', data: models }),
      ...(canary && { '/canary': () => ({ ...canary.state(), ...(judge && { judge: judge.state() }) }) }),
    },
    posts: [...[chatCompletions, completions].map(post), ...(canary ? [feedback(canary)] : [])],
  })
  const close = async (): Promise<void> => {
    await room.close()
    await judge?.close()
  }
  return { fetch, close }
}

/** Once what is ready to be sent was given to the socket. */
const sent = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

function judgeOf(
  { canary, judge: reward, concurrency, queue }: ProcedureServerOptions,
  registry: Registry,
  deadline: number,
): CanaryJudge | undefined {
  if (reward === undefined) return undefined
  if (!canary) throw invalidArgument('there is a judge, but no canary whose decisions it judges', 'leave it out')
  if (reward.comparesSamples) {
    throw unsupported(`the reward ${shown(reward.name)} compares samples, but decisions are judged one by one`)
  }
  const room = new Room('judgement', { concurrency, queue })
  return makeCanaryJudge({ canary, reward, room, metrics: judgementMetrics(registry), deadline })
}

function procedureOf(procedures: ProcedureServerOptions['procedures'], name: string): Procedure {
  if (Object.hasOwn(procedures, name)) return procedures[name]!
  const names = Object.keys(procedures).join(', ')
  throw new Refusal(404, 'model_not_found', `there is no ${shown(name)} here`, { hint: `ask for ${names}` })
}
