import { invalidArgument, shown } from '@posttrain/core'
import { objectiveName, type ObjectiveFamily } from '@posttrain/estimators'

/** A procedure's name taken apart: `NAME:NUMBER,key=value,…`. */
export interface ProcedureSpec {
  readonly name: string
  /** Behind the colon. */
  readonly number: number | undefined
  readonly options: Readonly<Record<string, string>>
  /** What it chooses by, where the name of an objective says it. */
  readonly by?: string | undefined
}

const SPEC = /^([a-z][a-z-]*)(?::([1-9]\d{0,8}))?((?:,[a-zA-Z]+=[^,=]+)*)$/

/** What names of objectives stand for, and the option that a further number in them is. */
const OF_OBJECTIVES: Readonly<Partial<Record<ObjectiveFamily, readonly [name: string, option?: string]>>> = {
  mean: ['single'],
  'pass@': ['first-passing'],
  'first-passing@': ['first-passing', 'threshold'],
  'maj@': ['majority'],
  'weighted-maj@': ['weighted-majority'],
  'borda@': ['borda', 'power'],
  'best-of-': ['best-of'],
}

/**
 * Takes a procedure's name apart; that of an objective stands for the procedure of which it is the objective.
 *
 * @returns undefined for what has another form
 * @throws PosttrainError `invalid-argument` for an option that is given twice
 */
export function procedureSpec(text: string): ProcedureSpec | undefined {
  const objective = objectiveName(text)
  const stands = objective && OF_OBJECTIVES[objective.family]
  if (stands) {
    const [name, option] = stands
    const { k: number, number: further, by } = objective
    return { name, number, options: option && further !== undefined ? { [option]: String(further) } : {}, by }
  }
  const [, name, number, list = ''] = SPEC.exec(text) ?? []
  if (name === undefined) return undefined
  const options: Record<string, string> = {}
  for (const one of list.split(',').slice(1)) {
    const [key, value] = one.split('=') as [string, string]
    if (Object.hasOwn(options, key)) throw invalidArgument(`${shown(text)} says ${key} twice`, 'say each option once')
    options[key] = value
  }
  return { name, number: number === undefined ? undefined : Number(number), options }
}
