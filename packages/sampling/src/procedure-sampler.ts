import { addUsage, requestId, requireBudgetRules, unsupported } from '@posttrain/core'
import type { BudgetRules, Procedure, Sampler } from '@posttrain/core'
import { requireProcedure, requireSampler } from './checks/require-functions.js'
import { decidedSample } from './internal/decided-sample.js'
import { runProcedure } from './run-procedure.js'

/** How procedures run behind a sampler. */
export interface ProcedureSamplerOptions {
  /** Kept by every run. */
  readonly rules?: BudgetRules | undefined
}

/**
 * A procedure as a sampler: its samples are those of its decisions, an abstention the empty text. So a procedure is
 * served, stored and compared like a model. Its usage adds the tokens of judging to those of sampling.
 *
 * @throws PosttrainError `invalid-argument` for something else than a procedure, or rules that cannot be kept;
 *   `unsupported`, at the first pull, for a request with a prompt or a prefix of its own
 * @example
 * ```ts
 * const none: Sampler = { async *sample() {} }
 * procedureSampler(singleSample(), none, { rules: { cap: { tokens: 512 } } }).provenance // => undefined
 * ```
 */
export function procedureSampler(
  procedure: Procedure,
  inner: Sampler,
  { rules }: ProcedureSamplerOptions = {},
): Sampler {
  requireProcedure('procedure', procedure)
  requireSampler('inner', inner)
  if (rules !== undefined) requireBudgetRules(rules)
  return {
    async *sample(requests, { signal } = {}) {
      for (const { prompt, prefix } of requests) {
        if (prompt === undefined && prefix === undefined) continue
        throw unsupported(`${procedure.name} answers tasks and cannot continue a prompt or a prefix`)
      }
      for (const { task, count, firstIndex = 0, seed, id = task.id, prompt: _, prefix: __, ...sampling } of requests) {
        for (let index = firstIndex; index < firstIndex + count; index++) {
          const own = { seed, id: requestId(id, 'run', index), rules, sampling, signal }
          const decision = await runProcedure(procedure, inner, task, own)
          const usage = addUsage([decision.usage, decision.judging])
          yield decidedSample(decision, { id, taskId: task.id, index, seed, usage })
        }
      }
    },
  }
}
