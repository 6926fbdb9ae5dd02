import { callCallerNow, described, invalidData, PosttrainError } from '@posttrain/core'
import type { Loss, LossConstants, LossValue, TokenScores } from '@posttrain/core'

/**
 * A loss with its cotangents, checked.
 *
 * @throws PosttrainError `invalid-data`, naming the loss, for anything but a value with cotangents that fit the scores,
 *   and for what it throws; `exploded` for a value that is not finite
 */
export function askLoss(
  loss: Loss,
  step: number,
  scores: readonly TokenScores[],
  constants: readonly LossConstants[],
): LossValue {
  const name = `the loss ${loss.name}`
  const given: unknown = callCallerNow(name, `at step ${step}`, () => loss.evaluate(scores, constants))
  const { value, cotangents, metrics } = (given ?? {}) as Readonly<Record<string, unknown>>
  const gave = `${name} of step ${step} gave`
  if (typeof value !== 'number') throw invalidData(`${gave} ${described(value)} as its value`, LOSS)
  if (!Number.isFinite(value)) throw new PosttrainError('exploded', `${name} of step ${step} is ${value}`)
  if (typeof metrics !== 'object' || metrics === null)
    throw invalidData(`${gave} ${described(metrics)} as metrics`, LOSS)
  const wrong = Object.entries(metrics).find(([, metric]) => typeof metric !== 'number')
  if (wrong) throw invalidData(`${gave} ${described(wrong[1])} as the metric ${wrong[0]}`, LOSS)
  if (!Array.isArray(cotangents) || cotangents.length !== scores.length) {
    throw invalidData(`${gave} ${described(cotangents)} as cotangents of ${scores.length} sequences`, LOSS)
  }
  scores.forEach((of, i) => requireCotangents(`${gave} sequence ${i}`, cotangents[i], of))
  return given as LossValue
}

const LOSS = 'a loss gives { value, cotangents, metrics }, with cotangents of the shapes of the scores'

function requireCotangents(gave: string, cotangents: unknown, scores: TokenScores): void {
  if (typeof cotangents !== 'object' || cotangents === null) {
    throw invalidData(`${gave} ${described(cotangents)} as its cotangents`, LOSS)
  }
  for (const [name, values] of Object.entries(cotangents)) {
    if (values === undefined) continue
    const length = scores[name as keyof TokenScores]?.length
    if (values instanceof Float64Array && values.length === length) continue
    const found = values instanceof Float64Array ? `${values.length} cotangents` : described(values)
    throw invalidData(`${gave} ${found} of ${name}, of which there are ${length ?? 0} scores`, LOSS)
  }
}
