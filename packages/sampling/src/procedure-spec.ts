import { invalidArgument, shown } from '@posttrain/core'
import { familyOf, parseObjective } from '@posttrain/estimators'

/** A procedure's name taken apart: `NAME:NUMBER,key=value,…`. */
export interface ProcedureSpec {
  readonly name: string
  /** Behind the colon. */
  readonly number: number | undefined
  readonly options: Readonly<Record<string, string>>
}

const SPEC = /^([a-z][a-z-]*)(?::([1-9]\d{0,8}))?((?:,[a-zA-Z]+=[^,=]+)*)$/

/** What names of objectives stand for. */
const OF_OBJECTIVES: Readonly<Record<string, string | undefined>> = {
  mean: 'single',
  'pass@': 'first-passing',
  'maj@': 'majority',
  'best-of-': 'best-of',
}

/**
 * Takes a procedure's name apart; that of an objective stands for the procedure of which it is the objective.
 *
 * @returns undefined for what has another form
 * @throws PosttrainError `invalid-argument` for an option that is given twice
 */
export function procedureSpec(text: string): ProcedureSpec | undefined {
  const named = OF_OBJECTIVES[familyOf(text) ?? '']
  if (named !== undefined) {
    const { k } = parseObjective(text)
    return { name: named, number: named === 'single' ? undefined : k, options: {} }
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
