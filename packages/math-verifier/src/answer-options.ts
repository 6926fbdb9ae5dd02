import { invalidArgument } from '@posttrain/core'
import { rational } from '@posttrain/rewards'
import { scaleSum } from './value/sum.js'
import type { Answer } from './kinds/answer.js'

/** What depends on the question, each off by default. */
export interface AnswerOptions {
  /** 25 % is the number 1/4. Otherwise a percentage is equal to a percentage only. */
  readonly percentAsNumber?: boolean | undefined
  /** `1, 2` is `2, 1`. Otherwise the order of a list matters. */
  readonly unorderedLists?: boolean | undefined
}

const names: readonly string[] = ['percentAsNumber', 'unorderedLists'] satisfies (keyof AnswerOptions)[]

type Reader = (name: string, text: string, read: (text: string) => Answer) => Answer

/** Reads answers as the options say. @throws PosttrainError `invalid-argument` for an option that is not known. */
export function withOptions(options: AnswerOptions): Reader {
  for (const [name, value] of Object.entries(options)) {
    if (!names.includes(name)) throw invalidArgument(`${name} is no option of answers`, `give ${names.join(' or ')}`)
    if (value !== undefined && typeof value !== 'boolean') throw invalidArgument(`${name} must be true or false`)
  }
  const convert = (answer: Answer): Answer => {
    if (answer.kind === 'percent' && options.percentAsNumber === true) {
      const { top, bottom } = answer.value
      return { kind: 'value', value: { top: scaleSum(top, rational(1n, 100n)), bottom } }
    }
    if (answer.kind === 'labelled') return { ...answer, answer: convert(answer.answer) }
    if (answer.kind !== 'parts') return answer
    const ordered = answer.ordered && !(answer.name === 'list' && options.unorderedLists === true)
    return { ...answer, ordered, parts: answer.parts.map(convert) }
  }
  return (name, text, read) => {
    if (typeof (text as unknown) !== 'string')
      throw invalidArgument(`the ${name} must be a text, but is ${typeof text}`)
    return convert(read(text))
  }
}
