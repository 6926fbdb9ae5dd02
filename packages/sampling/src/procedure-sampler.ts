import { addUsage, requestId, unsupported, type Procedure, type Sampler } from '@posttrain/core'
import { decidedSample } from './internal/decided-sample.js'
import { runProcedure } from './run-procedure.js'

/**
 * A procedure as a sampler: its samples are those of its decisions, an abstention the empty text. So a procedure is
 * served, stored and compared like a model. Its usage adds the tokens of judging to those of sampling.
 *
 * @throws PosttrainError `unsupported`, at the first pull, for a request with a prompt or a prefix of its own
 * @example
 * ```ts
 * const none: Sampler = { async *sample() {} }
 * procedureSampler(singleSample(), none).provenance // => undefined
 * ```
 */
export const procedureSampler = (procedure: Procedure, inner: Sampler): Sampler => ({
  async *sample(requests, { signal } = {}) {
    for (const { prompt, prefix } of requests) {
      if (prompt === undefined && prefix === undefined) continue
      throw unsupported(`${procedure.name} answers tasks and cannot continue a prompt or a prefix`)
    }
    for (const { task, count, firstIndex = 0, seed, id = task.id, prompt: _, prefix: __, ...sampling } of requests) {
      for (let index = firstIndex; index < firstIndex + count; index++) {
        const decision = await runProcedure(procedure, inner, task, {
          seed,
          id: requestId(id, 'run', index),
          sampling,
          signal,
        })
        const usage = addUsage([decision.usage, decision.judging])
        yield decidedSample(decision, { id, taskId: task.id, index, seed, usage })
      }
    }
  },
})
