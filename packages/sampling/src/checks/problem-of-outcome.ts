import { described } from '@posttrain/core'
import { fieldsOf, firstProblem, problemOfSteps, problemOfUsage, type Problem } from './problem-of.js'

/** What is wrong with an outcome, as the object of "gave"; undefined if nothing is. */
export function problemOfOutcome(outcome: unknown): Problem {
  const fields = fieldsOf(outcome)
  if (!fields) return `${described(outcome)} as its outcome`
  const { kind, reward, reason, answer, parts, steps, usage } = fields
  return firstProblem(
    answer === undefined || typeof answer === 'string' ? undefined : `an answer that is no text (${described(answer)})`,
    problemOfParts(parts),
    problemOfSteps(steps),
    problemOfUsage(usage),
    problemOfKind(kind, reward, reason),
  )
}

function problemOfKind(kind: unknown, reward: unknown, reason: unknown): Problem {
  if (kind === 'scored') return Number.isFinite(reward) ? undefined : `the reward ${described(reward)}`
  if (kind !== 'unscored') return `an outcome of kind ${described(kind)}`
  return typeof reason === 'string' && reason !== '' ? undefined : 'no reason for being unscored'
}

function problemOfParts(parts: unknown): Problem {
  if (parts === undefined) return undefined
  const fields = fieldsOf(parts)
  if (!fields) return `parts that are ${described(parts)}`
  const wrong = Object.entries(fields).find(([, value]) => value !== null && !Number.isFinite(value))
  return wrong && `${described(wrong[1])} as its part ${wrong[0]}`
}
