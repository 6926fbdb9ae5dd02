import { invalidArgument, shown, type Procedure } from '@posttrain/core'
import type { NamedOptions, NamedProcedure, ProcedureParts } from './named-procedure.js'
import { NAMED_PROCEDURES } from './named-procedures.js'
import { procedureSpec } from './procedure-spec.js'

export type { ProcedureParts } from './named-procedure.js'

/** How every procedure that needs no function of one's own is written as a line of text, and what it does. */
export const procedureForms: readonly { readonly form: string; readonly title: string }[] = Object.values(
  NAMED_PROCEDURES,
).map(({ form, title }) => ({ form, title }))

/**
 * The procedure that a line of text declares: `NAME:NUMBER,key=value,…`, as `procedureForms` lists them. The names of
 * the objectives `mean`, `pass@K`, `first-passing@K`, `maj@K`, `weighted-maj@K`, `borda@K^POWER` and `best-of-N` stand
 * for the procedures that have them.
 *
 * @param text for instance `majority:8`, `best-of:16` or `beam:4,width=4,depth=8`
 * @throws PosttrainError `invalid-argument` naming the accepted forms, an option that there is not, or a missing `by`;
 *   also where a name says another `by` than is given
 * @example
 * ```ts
 * parseProcedure('majority:8').name // => 'maj@8'
 * ```
 */
export function parseProcedure(text: string, parts: ProcedureParts = {}): Procedure {
  const spec = procedureSpec(text)
  const named = spec && Object.hasOwn(NAMED_PROCEDURES, spec.name) ? NAMED_PROCEDURES[spec.name] : undefined
  if (!spec || !named) {
    throw invalidArgument(
      `the procedure ${shown(text)} is unknown`,
      `use ${procedureForms.map(({ form }) => form.replace(/,.*/, '')).join(', ')}, for instance majority:8`,
    )
  }
  const { name, number, options, by } = spec
  for (const key of Object.keys(options)) {
    if (!named.options.includes(key)) throw wrongForm(text, `has no option ${key}`, named)
  }
  if (named.needsBy && !parts.by) {
    throw invalidArgument(
      `${name} needs by, what it chooses by`,
      'give a reward function; one that needs none is majority',
    )
  }
  if (by !== undefined && parts.by && parts.by.name !== by) {
    throw invalidArgument(`${shown(text)} chooses by ${by}, but by is ${parts.by.name}`, 'give that one, or name none')
  }
  return named.make(optionsOf(text, named, number, options), parts)
}

/** Whether a text declares a procedure, as far as its name goes. */
export function isProcedureName(text: string): boolean {
  const spec = procedureSpec(text)
  return spec !== undefined && Object.hasOwn(NAMED_PROCEDURES, spec.name)
}

function optionsOf(
  text: string,
  named: NamedProcedure,
  number: number | undefined,
  options: Readonly<Record<string, string>>,
): NamedOptions {
  if (named.number === 'none' && number !== undefined) throw wrongForm(text, 'has no number', named)
  const own = number ?? named.number
  if (own === undefined) throw wrongForm(text, 'lacks its number', named)
  return {
    number: own === 'none' ? 1 : own,
    text: (key) => options[key],
    numeric(key) {
      const value = options[key]
      if (value === undefined) return undefined
      if (NUMBER.test(value)) return Number(value)
      throw wrongForm(text, `has a ${key} that is no number`, named)
    },
  }
}

/** A number as it is printed. */
const NUMBER = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/

const wrongForm = (text: string, what: string, { form }: NamedProcedure): Error =>
  invalidArgument(`the procedure ${shown(text)} ${what}`, `write ${form}`)
