import { createHash, randomUUID } from 'node:crypto'
import { PosttrainError, requestId, type BudgetRules, type Procedure, type Sampler, type Task } from '@posttrain/core'
import { runProcedure, type TimedDecision } from '@posttrain/sampling'
import type { AskedAnswer } from './openai/asked-answer.js'
import type { MadeDecision } from './canary-judge.js'
import { hasSomeSample } from './has-some-sample.js'
import type { DecidedRun } from './openai/choice.js'
import type { ProcedureMetrics } from './procedure-metrics.js'
import { Refusal, refusalOf } from './refusal.js'
import type { Room } from './room.js'
import { rulesWithin } from './rules-within.js'
import type { Client } from './web-app.js'

/** What runs procedures for clients, and within what. */
export interface DeciderOptions {
  readonly sampler: Sampler
  readonly room: Room
  readonly metrics: ProcedureMetrics
  readonly rules: BudgetRules
  readonly seed: number
  /** Seconds that a run takes at most, from when its turn comes. */
  readonly deadline: number
}

/**
 * The decisions that a request asks for, each as it comes.
 *
 * @param onDecision told of each as it is made, also where there is nothing to answer with
 */
export type Decide = (
  procedure: Procedure,
  asked: AskedAnswer,
  client: Client,
  onDecision: (made: MadeDecision) => void,
) => Promise<DecidedRun>[]

/** Runs procedures in turn. The requests must have entered the room. */
export function makeDecider({ sampler, room, metrics, rules, seed, deadline }: DeciderOptions): Decide {
  return (procedure, asked, { signal }, onDecision) => {
    const task = taskOf(asked)
    const arrived = performance.now()
    const run = async (index: number): Promise<DecidedRun> => {
      metrics.waited((performance.now() - arrived) / 1000)
      const late = AbortSignal.timeout(deadline * 1000)
      const id = asked.n === 1 ? task.id : requestId(task.id, 'run', index)
      try {
        const decision = await runProcedure(procedure, sampler, task, {
          seed: asked.seed ?? seed,
          id,
          sampling: asked.sampling,
          rules: rulesWithin(rules, asked.budget),
          signal: AbortSignal.any([signal, late]),
        })
        metrics.decided(asked.model, decision)
        onDecision({ run: id, task, decision })
        return { run: id, decision: requireSomeSample(decision) }
      } catch (error) {
        if (late.aborted && !signal.aborted) throw lateRefusal(deadline)
        throw decisionRefusal(error)
      }
    }
    return Array.from({ length: asked.n }, (_, index) => room.turn(() => run(index), signal).catch(rethrown))
  }
}

/**
 * The task of a request. With a seed its id is made of what was asked, so that the same request has the same answer;
 * without one nobody else has it.
 */
function taskOf({ seed, prompt, tags, sampling, model }: AskedAnswer): Task {
  const content = JSON.stringify([model, prompt, sampling, seed])
  const id = seed === undefined ? randomUUID() : createHash('sha256').update(content).digest('hex').slice(0, 32)
  return tags === undefined ? { id, prompt } : { id, prompt, tags }
}

/** A decision of a run in which at least one completion was had. */
function requireSomeSample(decision: TimedDecision): TimedDecision {
  if (hasSomeSample(decision)) return decision
  const { samples } = decision
  const why = samples[0]!.failure ?? 'no reason is given'
  throw new Refusal(502, 'upstream-failed', `none of ${samples.length} samples could be had: ${why}`, {
    hint: 'try again later',
    retryAfter: 1,
  })
}

const lateRefusal = (seconds: number): Refusal =>
  new Refusal(504, 'timeout', `there was no decision within ${seconds} seconds`, {
    hint: 'ask for fewer tokens, or raise the deadline of the server',
  })

/** Why there is no decision: what cannot be served is the request's fault, what the model's server did is not. */
function decisionRefusal(error: unknown): Refusal {
  if (!(error instanceof PosttrainError)) return refusalOf(error)
  const { code, message, hint } = error
  if (code === 'aborted') return new Refusal(499, 'client-left', 'the client left before it was answered')
  return new Refusal(STATUS[code] ?? 500, code, message, { hint })
}

const STATUS: Partial<Record<PosttrainError['code'], 422 | 502 | 504>> = {
  unsupported: 422,
  'sampler-failed': 502,
  timeout: 504,
}

/** Those that wait for their turn when a client leaves end with what the wait throws. */
const rethrown = (error: unknown): never => {
  throw decisionRefusal(error)
}
