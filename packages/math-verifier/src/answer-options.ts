import { invalidArgument } from '@posttrain/core'
import { rational } from '@posttrain/rewards'
import type { Answer } from './kinds/answer.js'
import { inBaseUnits } from './kinds/convert-units.js'
import { setOfInequality } from './kinds/inequality-set.js'
import { Undecided } from './limits/undecided.js'
import { multiply, whole } from './value/quotient.js'
import { constant, scaleSum, symbol } from './value/sum.js'

/** What depends on the question, each off by default. */
export interface AnswerOptions {
  /** 25 % is the number 1/4. Otherwise a percentage is equal to a percentage only. */
  readonly percentAsNumber?: boolean | undefined
  /** `1, 2` is `2, 1`. Otherwise the order of a list matters. */
  readonly unorderedLists?: boolean | undefined
  /** 12 cm is 120 mm, and 1 h 30 min is 90 min. Otherwise two units are different. */
  readonly convertUnits?: boolean | undefined
  /** 30° is π/6. Otherwise a number of degrees is equal to a number of degrees only, or to one without a unit. */
  readonly degreesAsRadians?: boolean | undefined
  /** x < 3 is (−∞, 3). Otherwise an inequality is equal to an inequality only. */
  readonly inequalitiesAsSets?: boolean | undefined
  /**
   * 0.33 is 1/3: a decimal equals what rounds to it at the digits it has. No equivalence, so that keys do not know it.
   * Otherwise a decimal is the number that it says.
   */
  readonly roundToGivenDigits?: boolean | undefined
}

const percent = constant(rational(1n, 100n))

/** What each option that changes how an answer is read makes of the answer, whose parts are converted already. */
const conversions: Readonly<Record<Exclude<keyof AnswerOptions, 'roundToGivenDigits'>, (answer: Answer) => Answer>> = {
  percentAsNumber: (answer) =>
    answer.kind === 'percent' ? { kind: 'value', value: multiply(answer.value, whole(percent)) } : answer,
  unorderedLists: (answer) =>
    answer.kind === 'parts' && answer.name === 'list' ? { ...answer, ordered: false } : answer,
  convertUnits: inBaseUnits,
  degreesAsRadians: (answer) => {
    if (answer.kind !== 'labelled' || answer.role !== 'unit' || answer.answer.kind !== 'value') return answer
    if (answer.label === 'radian') return answer.answer
    if (answer.label !== 'degree') return answer
    return { kind: 'value', value: multiply(answer.answer.value, whole(scaleSum(symbol('π'), rational(1n, 180n)))) }
  },
  inequalitiesAsSets: setOfInequality,
}

const names: readonly string[] = [...Object.keys(conversions), 'roundToGivenDigits']

type Reader = (name: string, text: string, read: (text: string) => Answer) => Answer

/** Reads answers as the options say. @throws PosttrainError `invalid-argument` for an option that is not known. */
export function withOptions(options: AnswerOptions): Reader {
  for (const [name, value] of Object.entries(options)) {
    if (!names.includes(name)) throw invalidArgument(`${name} is no option of answers`, `give ${names.join(' or ')}`)
    if (value !== undefined && typeof value !== 'boolean') throw invalidArgument(`${name} must be true or false`)
  }
  const chosen = Object.entries(conversions).filter(([name]) => options[name as keyof AnswerOptions] === true)
  const convert = (answer: Answer): Answer => {
    const inside: Answer =
      answer.kind === 'labelled'
        ? { ...answer, answer: convert(answer.answer) }
        : answer.kind === 'parts'
          ? { ...answer, parts: answer.parts.map(convert) }
          : answer
    return chosen.reduce((result, [, conversion]) => conversion(result), inside)
  }
  return (name, text, read) => {
    if (typeof (text as unknown) !== 'string')
      throw invalidArgument(`the ${name} must be a text, but is ${typeof text}`)
    try {
      return convert(read(text))
    } catch (error) {
      if (error instanceof Undecided) return { kind: 'unknown', reason: error.message }
      throw error
    }
  }
}
