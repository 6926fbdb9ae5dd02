import { requireFinite, shown, unsupported, type RewardFunction } from '@posttrain/core'
import type { Form } from './form.js'
import { closeSession, seedSession, verify } from './forms/nemo-gym.js'
import { openRlhf } from './forms/open-rlhf.js'
import { runCode } from './forms/sandbox-fusion.js'
import { score } from './forms/score.js'
import { slime } from './forms/slime.js'
import { makeJudge } from './judge.js'
import { rewardMetrics } from './reward-metrics.js'
import { makeRun, type ProgramRunner } from './program-runner.js'
import { Refusal } from './refusal.js'
import { Room, type RoomOptions } from './room.js'
import { makeWebApp, type AccessOptions, type WebServer } from './web-app.js'

/** What is served, to whom, and how much of it at a time. */
export interface RewardServerOptions extends AccessOptions, RoomOptions {
  readonly reward: RewardFunction
  /** Runs the Python programs of Sandbox Fusion's form; without it there is no such form. */
  readonly programs?: ProgramRunner | undefined
  /** Seconds that a sample is judged at most, from when its turn comes; then it is unscored (default 100). */
  readonly deadline?: number | undefined
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
export function rewardServer(options: RewardServerOptions): WebServer {
  const { reward, programs, deadline = 100 } = options
  if (reward.comparesSamples) {
    throw unsupported(`the reward ${shown(reward.name)} compares samples, but trainers send them one by one`)
  }
  requireFinite('deadline', deadline, { above: 0, max: 86_400 })
  const room = new Room('sample', options)
  const metrics = rewardMetrics(room)
  const judge = makeJudge({ reward, room, metrics, deadline })
  const desk = { judge, run: programs ? makeRun(programs, room) : noPrograms }
  const fetch = makeWebApp({
    ...options,
    metrics,
    health: () => ({ reward: reward.name, running: room.running, waiting: room.waiting }),
    gets: { '/reverify_mode': () => 'stateless' },
    posts: (programs ? [...FORMS, runCode] : FORMS).map(({ path, body, answer }) => ({
      path,
      body,
      answer: async (asked, client) => Response.json(await answer(asked, desk, client)),
    })),
  })
  return { fetch, close: () => room.close() }
}

const noPrograms = async (): Promise<never> => {
  throw new Refusal(404, 'not-found', 'this server runs no programs')
}
