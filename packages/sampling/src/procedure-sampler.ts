import { addUsage, requestId, requireBudgetRules, unsupported } from '@posttrain/core'
import type { BudgetRules, CallOptions, Procedure, Sample, Sampler, SampleRequest } from '@posttrain/core'
import type { Allocation } from './allocation/allocation.js'
import { allocationSamples } from './allocation-samples.js'
import { isAllocation } from './allocation/require-allocation.js'
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
 * Of an allocation the tasks of one call share the budget: sample i of each is that of run i, which is over all tasks
 * of which it is asked for. Such a sample is no function of its own request, so that a store would mix calls.
 *
 * @throws PosttrainError `invalid-argument` for something else than a procedure or an allocation, or rules that cannot
 *   be kept; at the first pull `unsupported` for a request with a prompt or a prefix of its own, and of an allocation
 *   `invalid-argument` for requests that it cannot run together
 * @example
 * ```ts
 * const none: Sampler = { async *sample() {} }
 * procedureSampler(singleSample(), none, { rules: { cap: { tokens: 512 } } }).provenance // => undefined
 * ```
 */
export function procedureSampler(
  procedure: Procedure | Allocation,
  inner: Sampler,
  { rules }: ProcedureSamplerOptions = {},
): Sampler {
  const samples = isAllocation(procedure) ? allocationSamples(procedure) : procedureSamples(procedure)
  requireSampler('inner', inner)
  if (rules !== undefined) requireBudgetRules(rules)
  return {
    async *sample(requests, { signal } = {}) {
      for (const { prompt, prefix } of requests) {
        if (prompt === undefined && prefix === undefined) continue
        throw unsupported(`${procedure.name} answers tasks and cannot continue a prompt or a prefix`)
      }
      yield* samples(inner, requests, { rules, signal })
    },
  }
}

/** Samples of whatever decides, for requests without a prompt of their own. */
type Samples = (
  inner: Sampler,
  requests: readonly SampleRequest[],
  options: ProcedureSamplerOptions & CallOptions,
) => AsyncGenerator<Sample>

function procedureSamples(procedure: Procedure): Samples {
  requireProcedure('procedure', procedure)
  return async function* (inner, requests, options) {
    for (const { task, count, firstIndex = 0, seed, id = task.id, prompt: _, prefix: __, ...sampling } of requests) {
      for (let index = firstIndex; index < firstIndex + count; index++) {
        const own = { ...options, seed, id: requestId(id, 'run', index), sampling }
        const decision = await runProcedure(procedure, inner, task, own)
        const usage = addUsage([decision.usage, decision.judging])
        yield decidedSample(decision, { id, taskId: task.id, index, seed, usage })
      }
    }
  }
}
