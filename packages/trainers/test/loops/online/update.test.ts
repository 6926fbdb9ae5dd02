import { scoreOf, type Loss, type LossConstants, type Sample, type ScoredOutcome } from '@posttrain/core'
import { meanObjective } from '@posttrain/estimators'
import { policyGradientLoss, ppoClipLoss, sequenceMeanOfTokenMean } from '@posttrain/losses'
import { TabularPolicy } from '@posttrain/models'
import { describe, expect, it } from 'vitest'
import type { Algorithm } from '../../../src/algorithms/algorithm.js'
import { grpo, ppo } from '../../../src/algorithms/mean-reward.js'
import { policyGradient } from '../../../src/algorithms/policy-gradient.js'
import { withPpoClip } from '../../../src/algorithms/with-ppo-clip.js'
import type { Rollout } from '../../../src/loops/online/events.js'
import { rollOut } from '../../../src/loops/online/rollout.js'
import type { TrainOnlineOptions } from '../../../src/loops/online/settings.js'
import { update } from '../../../src/loops/online/update.js'
import { distance } from '../../support/expected-update.js'
import { failing, newPolicy, settings } from '../../support/online.js'

const mean = policyGradient(meanObjective())
const clipped = (flow: Algorithm['flow']): Algorithm => ({ ...withPpoClip(mean), flow })

/** A loss that notes the constants of each update. */
function noting(loss: Loss): { readonly loss: Loss; readonly updates: (readonly LossConstants[])[] } {
  const updates: (readonly LossConstants[])[] = []
  const evaluate: Loss['evaluate'] = (scores, constants) => {
    updates.push(constants)
    return loss.evaluate(scores, constants)
  }
  return { loss: { ...loss, evaluate }, updates }
}

/** A rollout of a policy, and the options to learn from it. */
async function drawn(
  algorithm: Algorithm,
  changes: Parameters<typeof settings>[0] = {},
): Promise<{ readonly policy: TabularPolicy; readonly options: TrainOnlineOptions; readonly rollout: Rollout }> {
  const policy = newPolicy()
  const options = { ...settings({ policy, ...changes }), algorithm }
  const rollout = await rollOut(options, 0, (await options.samplerAt?.(0)) ?? policy)
  policy.sample = () => {
    throw new Error('drawn') // an update touches no sampler
  }
  return { policy, options, rollout }
}

describe('update', () => {
  it('takes one step down the loss, and reports it with what it measured', async () => {
    const { policy, options, rollout } = await drawn(mean)
    const { groups, gradientNorm, ...report } = await update(options, rollout)
    expect(policy.provenance.step).toBe(1)
    const rewards = groups.map(({ outcomes }) => outcomes.map(({ reward }) => reward))
    const right = rewards[groups.findIndex(({ task }) => task.id === 'mixed')]!.filter((reward) => reward === 1).length
    expect(report).toEqual({
      step: 0,
      algorithm: 'mean',
      reward: expect.closeTo((8 + right) / 24, 14) as number,
      objective: expect.closeTo((8 + right) / 24, 14) as number,
      solved: expect.closeTo(2 / 3, 14) as number,
      entropy: expect.closeTo(Math.log(4), 14) as number,
      sampleEntropy: expect.closeTo(Math.log(4), 14) as number,
      kl: undefined,
      klControl: undefined,
      informative: expect.closeTo(1 / 3, 14) as number,
      constantGroups: 2,
      unscored: 0,
      failed: 0,
      shortGroups: 0,
      staleness: 0,
      metrics: {},
      tokens: 48,
    })
    // The gradient in the four logits of the mixed prompt: Σ over samples of (1/24)·A·(1[y] − 1/4).
    const { samples, advantages } = groups.find(({ task }) => task.id === 'mixed')!
    const gradient = ['a', 'b', 'c', 'd'].map((word) =>
      samples.reduce((sum, { text }, i) => sum + (Number(advantages[i]) * (Number(text === word) - 0.25)) / 24, 0),
    )
    expect(gradientNorm).toBeCloseTo(Math.hypot(...gradient), 12)
  })

  it('gives each sample 1/(prompts · n) of the samples that entered, per sample advantages, and nothing of the others', async () => {
    const { loss, updates } = noting({ ...policyGradientLoss(), vanishesAtZeroAdvantage: undefined })
    const { options, rollout } = await drawn(
      { ...mean, loss },
      { samplerAt: () => failing(newPolicy(), ({ index, taskId }) => index < (taskId === 'hard' ? 3 : 0)) },
    )
    const { failed, groups } = await update(options, rollout)
    expect(failed).toBe(3)
    const weights = groups.flatMap(({ task, samples }) => samples.map(() => 1 / (3 * (task.id === 'hard' ? 5 : 8))))
    expect(updates[0]!.map(({ weight }) => weight)).toEqual(weights)
    expect(updates[0]!.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 14)
    groups.forEach(({ outcomes, advantages }) => {
      const rewards = outcomes.map(({ reward }) => reward)
      const total = rewards.reduce((a, b) => a + b)
      // r − mean of the others
      rewards.forEach((r, i) => expect(advantages[i]).toBeCloseTo(r - (total - r) / (rewards.length - 1), 12))
    })
  })

  it('gives the loss what it may read', async () => {
    const { loss, updates } = noting(ppoClipLoss())
    const { policy, options, rollout } = await drawn({ ...grpo(), loss })
    const reference = await policy.snapshot()
    await update({ ...options, reference }, rollout)
    const [constants] = updates
    constants!.forEach(({ rolloutLogprob, oldLogprob, referenceLogprob, valueTarget, oldValue, margin }) => {
      for (const values of [rolloutLogprob!, oldLogprob!, referenceLogprob!])
        expect(values[0]).toBeCloseTo(-Math.log(4), 14)
      expect([valueTarget, oldValue, margin]).toEqual([undefined, undefined, undefined])
    })
  })

  it('gives a critic its targets', async () => {
    const policy = new TabularPolicy({ prompts: ['easy', 'hard', 'mixed'], words: ['a', 'b', 'c', 'd'], values: true })
    const { loss, updates } = noting(ppo({ klCoefficient: 0 }).loss)
    const options = { ...settings({ policy }), algorithm: { ...ppo({ klCoefficient: 0, epochs: 1 }), loss } }
    const { groups } = await update(options, await rollOut(options, 0, policy))
    const rewards = groups.flatMap(({ outcomes }) => outcomes.map(({ reward }) => reward))
    // With values of 0 the target of one token is its reward, and so is the advantage.
    expect(updates[0]!.map(({ valueTarget }) => [...Array.from(valueTarget!)])).toEqual(
      rewards.map((reward) => [reward]),
    )
    expect(updates[0]!.map(({ oldValue }) => [...Array.from(oldValue!)])).toEqual(rewards.map(() => [0]))
  })

  it('leaves out what cannot contribute, and takes no step where nothing can', async () => {
    const { loss, updates } = noting(policyGradientLoss())
    const { options, rollout } = await drawn({ ...mean, loss })
    await update(options, rollout)
    expect(updates[0]!.length).toBe(8) // the other two groups are constant

    const hard = { ...rollout, groups: rollout.groups.filter(({ task }) => task.id === 'hard') }
    const { policy, options: others } = await drawn(mean)
    const before = await policy.save({ optimizer: true })
    expect(await update(others, hard)).toMatchObject({ gradientNorm: 0, metrics: {}, informative: 0 })
    expect(await policy.save({ optimizer: true })).toEqual(before)
  })

  it('learns from chosen tokens alone, and counts them as the length', async () => {
    const policy = new TabularPolicy({ prompts: ['x'], words: ['a', 'b', 'c'], length: 3 })
    const tokens = [[0, 1, 2], [0, 2, 1], [0, 0, 0]] // prettier-ignore
    const masks = [Uint8Array.of(0, 1, 1), Uint8Array.of(0, 0, 1), Uint8Array.of(0, 1, 0)]
    const samples = tokens.map((of, index): Sample => ({
      id: 'x',
      taskId: 'x',
      index,
      seed: 0,
      text: '',
      tokens: of,
      mask: masks[index]!,
      logprobs: { values: masks[index]!.filter(Boolean), provenance: policy.provenance },
      finish: 'stop',
      usage: { promptTokens: 1, completionTokens: 2 },
    }))
    const outcomes = [1, 0, 0].map((reward): ScoredOutcome => ({ kind: 'scored', reward }))
    const { loss, updates } = noting(policyGradientLoss())
    const algorithm = { ...mean, loss, aggregation: sequenceMeanOfTokenMean() }
    const options = { ...settings({ policy, tasks: [{ id: 'x', prompt: 'x' }] }), algorithm }
    policy.step = async () => ({ gradientNorm: undefined })
    await update(options, { step: 0, groups: [{ task: { id: 'x', prompt: 'x' }, samples, outcomes }] })
    ;[1 / 6, 1 / 3, 1 / 3].forEach((weight, i) => expect(updates[0]![i]!.weight).toBeCloseTo(weight, 14))
    // Advantages 1, −1/2, −1/2; rows of three logits: after nothing (0), after a (1), after a b (5), after a c (6).
    const expected = new Float64Array(13 * 3)
    const add = (row: number, token: number, weight: number): void => {
      for (let word = 0; word < 3; word++) expected[3 * row + word]! -= weight * (Number(word === token) - 1 / 3)
    }
    add(1, 1, 1 / 6)
    add(5, 2, 1 / 6)
    add(6, 1, -1 / 6)
    add(1, 0, -1 / 6)
    expect(distance(await policy.gradient(), expected)).toBeLessThan(1e-14)
  })

  it('counts every token that was sampled, of failed samples too', async () => {
    const sampler = failing(newPolicy(), ({ index }) => index === 0)
    const { options, rollout } = await drawn(mean, { samplerAt: () => sampler })
    expect((await update(options, rollout)).tokens).toBe(48)
  })

  it('needs the reference that its algorithm compares with, and an advantage that is a number', async () => {
    const { options, rollout } = await drawn(grpo())
    await expect(update(options, rollout)).rejects.toThrow(
      'grpo compares the policy with a reference, and there is none',
    )
    const wild: Algorithm = {
      ...mean,
      advantages: {
        ...mean.advantages,
        advantages: (groups) => groups.map(({ outcomes }) => ({ advantages: outcomes.map(() => Infinity) })),
      },
    }
    await expect(update({ ...settings({ policy: options.policy }), algorithm: wild }, rollout)).rejects.toThrow(
      `the advantages of mean give sample 0 of task ${rollout.groups[0]!.task.id} Infinity`,
    )
  })

  it('does not know a gradient norm that the policy does not say', async () => {
    const { policy, options, rollout } = await drawn(mean)
    policy.step = async () => ({ gradientNorm: undefined })
    expect((await update(options, rollout)).gradientNorm).toBeUndefined()
  })
})

describe('several updates of a batch', () => {
  it('are as many as epochs and minibatches say, on the scale of the batch', async () => {
    const { loss, updates } = noting(ppoClipLoss())
    const { policy, options, rollout } = await drawn({ ...clipped({ epochs: 3, minibatches: 2 }), loss })
    const { metrics } = await update(options, rollout)
    expect(policy.provenance.step).toBe(6)
    expect(metrics).toHaveProperty('clipFraction')
    expect(updates.map(({ length }) => length)).toEqual([4, 4, 4, 4, 4, 4])
    // 8 of 24 samples carry a gradient; each half counts as much as all of them.
    for (const batch of updates) expect(batch.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(8 / 24, 14)
  })

  it('compare with the policy before the first of them, and report its gradient and the mean of diagnostics', async () => {
    const { loss, updates } = noting(ppoClipLoss({ clipLow: 0.01 }))
    const { policy, rollout } = await drawn({ ...clipped({ epochs: 3 }), loss })
    const norms: (number | undefined)[] = []
    const step = policy.step.bind(policy)
    policy.step = async (...args) => {
      const report = await step(...args)
      norms.push(report.gradientNorm)
      return report
    }
    const fractions: number[] = []
    const { evaluate } = loss
    const noted: Loss = {
      ...loss,
      evaluate: (...args) => {
        const value = evaluate(...args)
        fractions.push(value.metrics['clipFraction']!)
        return value
      },
    }
    const report = await update(
      { ...settings({ policy }), algorithm: { ...clipped({ epochs: 3 }), loss: noted } },
      rollout,
    )
    expect(report.gradientNorm).toBe(norms[0])
    expect(fractions[0]).toBe(0)
    expect(fractions[2]).toBeGreaterThan(0)
    expect(report.metrics['clipFraction']).toBeCloseTo(fractions.reduce((a, b) => a + b) / 3, 14)
    for (const batch of updates)
      for (const { oldLogprob } of batch) expect(oldLogprob![0]).toBeCloseTo(-Math.log(4), 14)
  })

  const several = clipped({ epochs: 3, minibatches: 2 })

  it('are taken back, all of them, where one would not be finite', async () => {
    const { policy, options, rollout } = await drawn(several)
    const before = await policy.save({ optimizer: true })
    let evaluated = 0
    const loss: Loss = {
      ...several.loss,
      evaluate: (...args) => ({ ...several.loss.evaluate(...args), ...(++evaluated === 5 ? { value: NaN } : {}) }),
    }
    const exploding = update({ ...settings({ policy }), algorithm: { ...several, loss } }, rollout)
    await expect(exploding).rejects.toMatchObject({ code: 'exploded', message: 'the loss ppo-clip of step 0 is NaN' })
    expect(evaluated).toBe(5)
    expect(await policy.save({ optimizer: true })).toEqual(before)
    expect((await policy.gradient()).every((x) => x === 0)).toBe(true)
    // It goes on from there as if nothing had happened.
    const other = await drawn(several)
    await update(options, rollout)
    await update(other.options, other.rollout)
    expect(await policy.logits()).toEqual(await other.policy.logits())
  })

  it('are taken back where a later gradient is too large', async () => {
    const { policy, rollout } = await drawn(several)
    const before = await policy.save({ optimizer: true })
    let evaluated = 0
    const loss: Loss = {
      ...several.loss,
      evaluate: (...args) => {
        const { cotangents, ...value } = several.loss.evaluate(...args)
        const factor = ++evaluated === 4 ? 1e6 : 1
        return {
          ...value,
          cotangents: cotangents.map((c) => ({ logprob: scoreOf(c, 'logprob').map((x) => factor * x) })),
        }
      },
    }
    const optimizer = { learningRate: 0.01, refuseAbove: 10 }
    const exploding = update({ ...settings({ policy, optimizer }), algorithm: { ...several, loss } }, rollout)
    await expect(exploding).rejects.toMatchObject({ code: 'exploded' })
    expect(evaluated).toBe(4)
    expect(await policy.save({ optimizer: true })).toEqual(before)
  })

  it('are taken back where the caller stops in the middle', async () => {
    const { policy, rollout } = await drawn(several)
    const before = await policy.save({ optimizer: true })
    const controller = new AbortController()
    let evaluated = 0
    const loss: Loss = {
      ...several.loss,
      evaluate: (...args) => {
        if (++evaluated === 3) controller.abort()
        return several.loss.evaluate(...args)
      },
    }
    const stopped = update(
      { ...settings({ policy, signal: controller.signal }), algorithm: { ...several, loss } },
      rollout,
    )
    await expect(stopped).rejects.toMatchObject({ code: 'aborted' })
    expect(await policy.save({ optimizer: true })).toEqual(before)
  })

  it('report the error that led there, even where nothing can be taken back', async () => {
    const { policy, rollout } = await drawn(several)
    let evaluated = 0
    const loss: Loss = {
      ...several.loss,
      evaluate: (...args) => ({ ...several.loss.evaluate(...args), ...(++evaluated === 2 ? { value: NaN } : {}) }),
    }
    policy.load = () => Promise.reject(new Error('disk full'))
    const exploding = update({ ...settings({ policy }), algorithm: { ...several, loss } }, rollout)
    await expect(exploding).rejects.toMatchObject({ code: 'exploded' })
  })
})

describe('a caller who stops during the backward pass', () => {
  it('finds a step that was taken, and no gradient that the next one would add to its own', async () => {
    const { policy, rollout } = await drawn(mean)
    const controller = new AbortController()
    const loss: Loss = {
      ...mean.loss,
      evaluate: (...args) => {
        const { cotangents, ...value } = mean.loss.evaluate(...args)
        const [first, ...rest] = cotangents
        const stopping = {
          get logprob() {
            controller.abort() // read by the backward pass
            return first!.logprob
          },
        }
        return { ...value, cotangents: [stopping, ...rest] }
      },
    }
    await update({ ...settings({ policy, signal: controller.signal }), algorithm: { ...mean, loss } }, rollout)
    expect(controller.signal.aborted).toBe(true)
    expect((await policy.gradient()).every((x) => x === 0)).toBe(true)
    const whole = await drawn(mean)
    await update(whole.options, whole.rollout)
    expect(await policy.logits()).toEqual(await whole.policy.logits())
  })
})

describe('samples of earlier weights', () => {
  it('are as stale as the steps since, and are compared with the policy as it is now', async () => {
    const { loss, updates } = noting(ppoClipLoss())
    const { policy, options, rollout } = await drawn({ ...withPpoClip(mean, { epochs: 1 }), loss })
    expect((await update(options, rollout)).staleness).toBe(0)
    const again = await update(options, rollout)
    expect(again.staleness).toBe(1)
    expect((await update(options, rollout)).staleness).toBe(2)
    expect(policy.provenance.step).toBe(3)
    const [first, second] = updates.map((constants) => constants.map(({ oldLogprob }) => oldLogprob![0]!))
    expect(new Set(first)).toEqual(new Set([Math.log(1 / 4)]))
    // The words that were better are likelier now, and the others less likely.
    expect(Math.max(...second!)).toBeGreaterThan(Math.log(1 / 4) + 0.05)
    expect(Math.min(...second!)).toBeLessThan(Math.log(1 / 4) - 0.05)
    // What was recorded stays what it was.
    const recorded = updates.map((constants) => new Set(constants.map(({ rolloutLogprob }) => rolloutLogprob![0])))
    expect(recorded[1]).toEqual(recorded[0])
  })
})
