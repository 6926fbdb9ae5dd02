import type { PolicySnapshot } from '@posttrain/core'
import { meanObjective } from '@posttrain/estimators'
import { policyGradientLoss, truncatedImportance } from '@posttrain/losses'
import { describe, expect, it } from 'vitest'
import { policyGradient } from '../../../src/algorithms/policy-gradient.js'
import type { Rollout, UpdateReport } from '../../../src/loops/online/events.js'
import { rollOut } from '../../../src/loops/online/rollout.js'
import type { TrainOnlineOptions } from '../../../src/loops/online/settings.js'
import { update } from '../../../src/loops/online/update.js'
import { newPolicy, settings, stepsOf } from '../../support/online.js'

/** Sampling goes on while the policy learns: at most `queue` rollouts ahead, each from a snapshot of its own. */
async function* trainAsynchronously(
  options: TrainOnlineOptions,
  steps: number,
  queue: number,
): AsyncGenerator<UpdateReport> {
  const waiting: { readonly sampler: PolicySnapshot; readonly rollout: Promise<Rollout> }[] = []
  let next = 0
  for (let step = 0; step < steps; step++) {
    while (next < steps && waiting.length <= queue) {
      const sampler = await options.policy.snapshot()
      const rollout = rollOut(options, next++, sampler)
      rollout.catch(() => {}) // it is awaited below
      waiting.push({ sampler, rollout })
    }
    const { sampler, rollout } = waiting.shift()!
    yield await update(options, await rollout)
    await sampler.dispose()
  }
}
async function run(options: TrainOnlineOptions, steps: number, queue: number): Promise<UpdateReport[]> {
  const reports: UpdateReport[] = []
  for await (const report of trainAsynchronously(options, steps, queue)) reports.push(report)
  return reports
}

describe('asynchronous training', () => {
  const corrected = {
    ...policyGradient(meanObjective()),
    loss: truncatedImportance(policyGradientLoss(), { cap: 2 }),
  }

  it.each([
    [0, [0, 0, 0, 0, 0, 0]],
    [1, [0, 1, 1, 1, 1, 1]],
    [2, [0, 1, 2, 2, 2, 2]],
  ])('with a queue of %d learns from samples that are so many steps old', async (queue, staleness) => {
    const reports = await run({ ...settings(), algorithm: corrected }, 6, queue)
    expect(reports.map((report) => report.staleness)).toEqual(staleness)
    expect(reports.map(({ step }) => step)).toEqual([0, 1, 2, 3, 4, 5])
  })

  it('without a queue is trainOnline', async () => {
    const [alone, loop] = [newPolicy(), newPolicy()]
    const reports = await run({ ...settings({ policy: alone }), algorithm: corrected }, 6, 0)
    const steps = await stepsOf({ ...settings({ policy: loop, steps: 6 }), algorithm: corrected })
    expect(reports.map((report) => ({ kind: 'step', ...report, timings: undefined }))).toEqual(steps)
    expect(await alone.logits()).toEqual(await loop.logits())
  })

  it('weighs old samples by how likely they are now', async () => {
    const reports = await run({ ...settings({ optimizer: { learningRate: 0.3 } }), algorithm: corrected }, 4, 1)
    const importance = reports.map(({ metrics }) => metrics['meanImportance']!)
    expect(importance[0]).toBe(1)
    for (const mean of importance.slice(1)) expect(Math.abs(mean - 1)).toBeGreaterThan(1e-3)
  })

  it('learns: a queue of one costs little on an easy problem', async () => {
    const policy = newPolicy()
    await run({ ...settings({ policy, samplesPerPrompt: 32 }), algorithm: corrected }, 40, 1)
    const [a, b] = await policy.completions('mixed')
    expect(a!.probability + b!.probability).toBeGreaterThan(0.9)
  })
})
