import { callCallerNow, described, invalidArgument, requireFinite, requireInteger } from '@posttrain/core'
import { fixedKl, type KlControl, type KlController } from '@posttrain/kl'
import type { Algorithm, KlPenalty } from '../../algorithms/algorithm.js'

/** @throws PosttrainError `invalid-argument` for a coefficient that is neither a number from 0 on nor a controller */
function controllerOf({ coefficient }: KlPenalty): KlController {
  const given: unknown = coefficient
  if (typeof coefficient !== 'object' || given === null) return fixedKl(coefficient as number)
  requireKlControl(`the initial control of ${coefficient.name}`, coefficient.initial)
  return coefficient
}

/**
 * Requires what a controller knows, from its caller or from a run that is resumed.
 *
 * @throws PosttrainError `invalid-argument`, naming what is out of range
 */
export function requireKlControl(name: string, control: KlControl): KlControl {
  const given: unknown = control
  if (typeof given !== 'object' || given === null) throw invalidArgument(`${name} is ${described(given)}`)
  const { step, coefficient, stop } = control
  requireInteger(`${name}.step`, step, { min: 0 })
  requireFinite(`${name}.coefficient`, coefficient, { min: 0 })
  if (typeof stop !== 'boolean') throw invalidArgument(`${name}.stop must be true or false, but is ${described(stop)}`)
  return control
}

/** β of the first step; undefined without a penalty. */
export const initialCoefficient = (kl: Algorithm['kl']): number | undefined =>
  kl && controllerOf(kl).initial.coefficient

/** The control of a step: where it is, or where the controller begins if it is not the one of the step before. */
export function controlOf(
  algorithmAt: (step: number) => Algorithm,
  step: number,
  known: KlControl | undefined,
): KlControl | undefined {
  const { kl } = algorithmAt(step)
  if (!kl) return undefined
  const before = step === 0 ? kl : algorithmAt(step - 1).kl
  const goesOn = before !== undefined && controllerOf(before).name === controllerOf(kl).name
  return (goesOn && known) || controllerOf(kl).initial
}

/** The control after a step in which the KL to the reference was so many nats per sequence. */
export const nextControl = (
  kl: Algorithm['kl'],
  control: KlControl | undefined,
  nats: number | undefined,
): KlControl | undefined => {
  if (!kl || !control || nats === undefined) return control
  const controller = controllerOf(kl)
  const { name } = controller
  const given = callCallerNow(`the controller ${name}`, `at a KL of ${nats}`, () => controller.next(control, nats))
  return requireKlControl(`the control of ${name}`, given)
}
