import { fixedKl, type KlControl, type KlController } from '@posttrain/kl'
import type { Algorithm, KlPenalty } from '../../algorithms/algorithm.js'

const controllerOf = ({ coefficient }: KlPenalty): KlController =>
  typeof coefficient === 'number' ? fixedKl(coefficient) : coefficient

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
): KlControl | undefined => (kl && control && nats !== undefined ? controllerOf(kl).next(control, nats) : control)
