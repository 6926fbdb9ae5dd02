import { described } from '@posttrain/core'

/** What may be wrong with a part of something that came from the caller. */
export type Problem = string | undefined

/** The fields of something that should be an object; undefined of anything else. */
export const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined

/** The first problem of a list of checks. */
export const firstProblem = (...problems: readonly Problem[]): Problem =>
  problems.find((problem) => problem !== undefined)

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0
const isAmount = (value: unknown): boolean => Number.isFinite(value) && (value as number) >= 0

export function problemOfText(name: string, value: unknown): Problem {
  return typeof value === 'string' ? undefined : `${name} is ${described(value)}, not a text`
}

export function problemOfCount(name: string, value: unknown): Problem {
  return isCount(value) ? undefined : `${name} is ${described(value)}, not a whole number from 0 on`
}

/** What is wrong with what something cost; nothing is wrong with an absent one. */
export function problemOfUsage(usage: unknown): Problem {
  if (usage === undefined) return undefined
  const fields = fieldsOf(usage)
  if (!fields) return `its usage is ${described(usage)}`
  const { cost } = fields
  return firstProblem(
    problemOfCount('usage.promptTokens', fields['promptTokens']),
    problemOfCount('usage.completionTokens', fields['completionTokens']),
    cost === undefined || isAmount(cost) ? undefined : `usage.cost is ${described(cost)}, not an amount`,
  )
}

/** What is wrong with rewards along the way, which ascend by place. */
export function problemOfSteps(steps: unknown): Problem {
  if (steps === undefined) return undefined
  if (!Array.isArray(steps)) return `its steps are ${described(steps)}, not a list`
  let before = 0
  for (const step of Array.from(steps as readonly unknown[])) {
    const { end, reward } = fieldsOf(step) ?? {}
    if (!isCount(end) || !Number.isFinite(reward)) return 'a step that is not { end, reward } of two numbers'
    if ((end as number) < before) return `a step that ends at ${end as number}, before the one in front of it`
    before = end as number
  }
  return undefined
}

/**
 * What is wrong with a list of so many numbers, each of which `holds`; a hole in it is no number.
 *
 * @param kind for instance `a token`
 */
export function problemOfNumbers(
  name: string,
  values: unknown,
  {
    length,
    kind,
    holds,
  }: { readonly length?: number | undefined; readonly kind: string; holds: (value: number) => boolean },
): Problem {
  if (!Array.isArray(values) && !(ArrayBuffer.isView(values) && 'length' in values)) {
    return `its ${name} are ${described(values)}, not a list`
  }
  const list = values as ArrayLike<unknown>
  if (length !== undefined && list.length !== length) return `${list.length} ${name} where there should be ${length}`
  for (let i = 0; i < list.length; i++) {
    const value = list[i]
    if (typeof value === 'number' && holds(value)) continue
    return `${name}[${i}] is ${described(value)}, not ${kind}`
  }
  return undefined
}
