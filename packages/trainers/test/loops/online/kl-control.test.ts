import { meanObjective } from '@posttrain/estimators'
import { adaptiveKl, inLoss, inReward, linearKl, stopAtKl, type KlController, type KlPlacement } from '@posttrain/kl'
import { describe, expect, it } from 'vitest'
import type { Algorithm, KlPenalty } from '../../../src/algorithms/algorithm.js'
import { klRegularised } from '../../../src/algorithms/kl-regularised.js'
import { rloo } from '../../../src/algorithms/mean-reward.js'
import { policyGradient } from '../../../src/algorithms/policy-gradient.js'
import { controlOf, initialCoefficient, nextControl } from '../../../src/loops/online/kl-control.js'
import type { UpdateReport } from '../../../src/loops/online/events.js'
import { newPolicy, settings, stepsOf } from '../../support/online.js'

const placement = inReward({ value: 'k1' })
const linear = linearKl({ from: 0.4, to: 0, steps: 4 })
const penalty = (coefficient: KlPenalty['coefficient']): KlPenalty => ({ placement, coefficient })
/** An algorithm with each of the penalties for one step, and with the last one from then on. */
const inTurn =
  (...penalties: (KlPenalty | undefined)[]) =>
  (step: number): Algorithm => ({
    ...policyGradient(meanObjective()),
    kl: penalties[Math.min(step, penalties.length - 1)],
  })

describe('the control of a penalty', () => {
  it('begins where the controller does, or where the run was', () => {
    expect(initialCoefficient(penalty(0.3))).toBe(0.3)
    expect(initialCoefficient(penalty(linear))).toBe(0.4)
    expect(initialCoefficient(undefined)).toBeUndefined()
    expect(controlOf(inTurn(penalty(linear)), 0, undefined)).toEqual({ step: 0, coefficient: 0.4, stop: false })
    const known = { step: 7, coefficient: 0.1, stop: false }
    expect(controlOf(inTurn(penalty(linear)), 7, known)).toBe(known)
    expect(controlOf(inTurn(penalty(linear)), 0, known)).toBe(known)
    expect(controlOf(inTurn(undefined), 7, known)).toBeUndefined()
  })

  it('begins anew with another controller: the state of one says nothing to the next', () => {
    const adaptive = adaptiveKl({ initial: 0.2, target: 6 })
    const schedule = inTurn(
      penalty(linear),
      penalty(adaptive),
      undefined,
      penalty(adaptive),
      penalty(0.1),
      penalty(0.5),
    )
    const known = { step: 7, coefficient: 0.1, stop: false }
    const coefficients = [0, 1, 2, 3, 4, 5, 6].map((step) => controlOf(schedule, step, known)?.coefficient)
    expect(coefficients).toEqual([0.1, 0.2, undefined, 0.2, 0.1, 0.5, 0.1])
  })

  it('is told the KL after a step, where there is one', () => {
    const control = controlOf(inTurn(penalty(linear)), 0, undefined)
    expect(nextControl(penalty(linear), control, 2)).toEqual({
      step: 1,
      coefficient: expect.closeTo(0.3, 14) as number,
      stop: false,
    })
    expect(nextControl(penalty(linear), control, undefined)).toBe(control)
    expect(nextControl(penalty(0.3), controlOf(inTurn(penalty(0.3)), 0, undefined), 2)).toEqual({
      step: 1,
      coefficient: 0.3,
      stop: false,
    })
    expect(nextControl(undefined, undefined, 2)).toBeUndefined()
  })
})

/** A placement that notes the coefficients it is given, one for each run of the same. */
function noting(placement: KlPlacement): { readonly placement: KlPlacement; readonly coefficients: number[] } {
  const coefficients: number[] = []
  const noted: KlPlacement = {
    ...placement,
    contribution(scores, constants, coefficient) {
      if (coefficients.at(-1) !== coefficient) coefficients.push(coefficient)
      return placement.contribution(scores, constants, coefficient)
    },
  }
  return { placement: noted, coefficients }
}
const algorithmWith = (controller: KlController, used: KlPlacement): Algorithm => ({
  ...policyGradient(meanObjective()),
  kl: { placement: used, coefficient: controller },
})

const placements = { reward: placement, loss: inLoss({ value: 'k2' }) }

describe.each(['loss', 'reward'] as const)('a controller of a penalty in the %s', (place) => {
  const run = async (
    controller: KlController,
    changes: Parameters<typeof settings>[0] = {},
  ): Promise<{ readonly steps: UpdateReport[]; readonly coefficients: number[] }> => {
    const { placement: used, coefficients } = noting(placements[place])
    const steps = await stepsOf({
      ...settings({ steps: 6, ...changes }),
      algorithm: algorithmWith(controller, used),
    })
    return { steps, coefficients }
  }

  it('gives each step its coefficient', async () => {
    const { steps, coefficients } = await run(linear)
    const line = [0.4, 0.3, 0.2, 0.1, 0]
    coefficients.forEach((coefficient, i) => expect(coefficient).toBeCloseTo(line[i]!, 14))
    expect(coefficients).toHaveLength(5)
    steps.forEach(({ klControl }, i) => expect(klControl!.coefficient).toBeCloseTo(line[Math.min(4, i + 1)]!, 14))
  })

  it('follows the KL that each step reports', async () => {
    const controller = adaptiveKl({ initial: 0.1, target: 0.05 })
    const { steps, coefficients } = await run(controller, { steps: 8 })
    let control = controller.initial
    for (const { kl, klControl } of steps) {
      control = controller.next(control, kl!)
      expect(klControl).toEqual(control)
    }
    // At the reference the KL is 0, and the penalty becomes cheaper; later it is above its target, and dearer.
    expect(steps[0]!.klControl!.coefficient).toBeCloseTo(0.098, 14)
    expect(coefficients.at(-1)).toBeGreaterThan(Math.min(...coefficients))
    expect(coefficients).toEqual(
      [controller.initial, ...steps.map(({ klControl }) => klControl!)]
        .slice(0, 8)
        .map(({ coefficient }) => coefficient),
    )
  })

  it('goes on where it was when a run is resumed', async () => {
    const controller = adaptiveKl({ initial: 0.1, target: 0.05 })
    const whole = newPolicy()
    const reference = await whole.snapshot()
    const all = await run(controller, { policy: whole, reference })
    const first = newPolicy()
    const before = await run(controller, { policy: first, reference, steps: 3 })
    const second = newPolicy()
    await second.load(await first.save({ optimizer: true }))
    const { klControl } = before.steps.at(-1)!
    const rest = await run(controller, { policy: second, reference, startStep: 3, klControl })
    expect(rest.steps).toEqual(all.steps.slice(3))
    expect(await second.save({ optimizer: true })).toEqual(await whole.save({ optimizer: true }))
    // Without it the coefficient would begin anew.
    const third = newPolicy()
    await third.load(await first.save({ optimizer: true }))
    const anew = await run(controller, { policy: third, reference, startStep: 3 })
    expect(anew.steps[0]!.klControl!.step).toBe(1)
    expect(await third.logits()).not.toEqual(await whole.logits())
  })

  it('ends the run where it says so, after that step', async () => {
    const controller = stopAtKl({ target: 0.02, tolerance: 1, controller: linearKl({ from: 0, to: 0, steps: 1 }) })
    const { steps } = await run(controller, { steps: 50 })
    expect(steps.length).toBeLessThan(50)
    const last = steps.at(-1)!
    expect(last.klControl!.stop).toBe(true)
    expect(last.kl).toBeGreaterThan(0.02)
    expect(steps.slice(0, -1).every(({ kl, klControl }) => kl! <= 0.02 && !klControl!.stop)).toBe(true)
  })
})

describe('a number as coefficient', () => {
  it('is that of the step’s algorithm, and one without a penalty has no control', async () => {
    const steps = await stepsOf({ ...settings({ steps: 3 }), algorithm: klRegularised({ klCoefficient: 0.2 }) })
    expect(steps.map(({ klControl }) => klControl)).toEqual(
      [1, 2, 3].map((step) => ({ step, coefficient: 0.2, stop: false })),
    )
    const line = await stepsOf({
      ...settings({ steps: 3 }),
      algorithm: (step) => klRegularised({ klCoefficient: 0.1 * (step + 1) }),
    })
    line.forEach(({ klControl }, i) => expect(klControl!.coefficient).toBeCloseTo(0.1 * (i + 1), 14))
    const plain = await stepsOf({ ...settings({ steps: 1 }), algorithm: rloo() })
    expect(plain[0]!.klControl).toBeUndefined()
  })
})
