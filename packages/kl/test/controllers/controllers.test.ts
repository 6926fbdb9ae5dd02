import { describe, expect, it } from 'vitest'
import { adaptiveKl, fixedKl, linearKl, stopAtKl, type KlController } from '@posttrain/kl'

/** The coefficients a controller gives as KLs are observed. */
const run = ({ initial, next }: KlController, ...kls: number[]): number[] => {
  let control = initial
  return [control.coefficient, ...kls.map((kl) => (control = next(control, kl)).coefficient)]
}

describe('controllers', () => {
  it('fixed', () => {
    expect(run(fixedKl(0.05), 1, 100)).toEqual([0.05, 0.05, 0.05])
    expect(fixedKl(0.05).next(fixedKl(0.05).initial, 1).step).toBe(1)
    expect(() => fixedKl(-1)).toThrow('coefficient must be a finite number of at least 0, but is -1')
  })

  it('linear: equal steps, and then constant', () => {
    const coefficients = run(linearKl({ from: 0.4, to: 0, steps: 4 }), 1, 1, 1, 1, 1)
    ;[0.4, 0.3, 0.2, 0.1, 0, 0].forEach((c, i) => expect(coefficients[i]).toBeCloseTo(c, 15))
    expect(coefficients[4]).toBe(0)
    expect(() => linearKl({ from: 1, to: 0, steps: 0 })).toThrow('steps must be an integer of at least 1')
  })

  it('adaptive: .2 becomes .204 at KL 9 for a target of 6, and the error is cut at a fifth', () => {
    const controller = adaptiveKl({ initial: 0.2, target: 6 })
    expect(run(controller, 9)[1]).toBeCloseTo(0.204, 15)
    expect(run(controller, 1e6)[1]).toBeCloseTo(0.204, 15)
    expect(run(controller, 0)[1]).toBeCloseTo(0.196, 15)
    expect(run(controller, 6.6)[1]).toBeCloseTo(0.202, 15)
    expect(run(controller, 6)[1]).toBe(0.2)
    expect(() => controller.next(controller.initial, NaN)).toThrow('kl must be a finite number')
    expect(() => adaptiveKl({ initial: 0, target: 6 })).toThrow('initial must be a finite number above 0')
    expect(() => adaptiveKl({ initial: 1, target: 6, gain: 10 })).toThrow(
      'gain · clip must be a finite number below 1, but is 2',
    )
  })

  it('adaptive: holds a KL that answers the coefficient', () => {
    const { initial, next } = adaptiveKl({ initial: 0.01, target: 2 })
    let control = initial
    const klAt = (beta: number): number => 0.5 / beta // as for a quadratic reward: the KL falls as β rises
    for (let step = 0; step < 1000; step++) control = next(control, klAt(control.coefficient))
    expect(klAt(control.coefficient)).toBeCloseTo(2, 6)
  })

  it('target stop: beyond one and a half times the target, and it stays stopped', () => {
    const { initial, next } = stopAtKl({ target: 0.02, controller: linearKl({ from: 1, to: 0, steps: 2 }) })
    const calm = next(initial, 0.03)
    expect(calm).toEqual({ step: 1, coefficient: 0.5, stop: false })
    const stopped = next(calm, 0.031)
    expect(stopped).toEqual({ step: 2, coefficient: 0, stop: true })
    expect(next(stopped, 0).stop).toBe(true)
    expect(() => stopAtKl({ target: 1, tolerance: 0.5, controller: fixedKl(0) })).toThrow('tolerance must be')
  })

  it('states survive a checkpoint', () => {
    const controller = adaptiveKl({ initial: 0.2, target: 6 })
    const state = controller.next(controller.initial, 9)
    const restored = JSON.parse(JSON.stringify(state)) as typeof state
    expect(controller.next(restored, 3)).toEqual(controller.next(state, 3))
  })
})
