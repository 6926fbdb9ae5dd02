import { invalidArgument, reasonOf, shown, type Procedure } from '@posttrain/core'

/** Reads the answer that votes count, see `Procedure.answerOf`. */
export type AnswerReader = NonNullable<Procedure['answerOf']>

/** What `--answer` takes, for help. */
export const ANSWER_READERS = 'text, math (a box, ####, "answer is" or the last number, by value) or /expression/'

/**
 * What reads answers: by a name or a regular expression, whose first group of its last match is the answer. Answers
 * that are equal in mathematics have one key under each but `text`.
 *
 * @throws PosttrainError `invalid-argument` for another name or an expression that is none
 */
export async function answerReader(how: string): Promise<AnswerReader | undefined> {
  if (how === 'text') return undefined
  const { answerKey, extractAnswer } = await import('@posttrain/math-verifier')
  const rules = how === 'math' ? undefined : [expression(how)]
  return ({ text }) => {
    const { answer } = extractAnswer(text, rules)
    return answer === undefined ? undefined : (answerKey(answer) ?? answer)
  }
}

function expression(how: string): RegExp {
  const [, source, flags] = /^\/(.+)\/([a-z]*)$/s.exec(how) ?? []
  if (source === undefined)
    throw invalidArgument(`there is no way ${shown(how)} to read an answer`, `choose ${ANSWER_READERS}`)
  try {
    return new RegExp(source, flags)
  } catch (error) {
    throw invalidArgument(`${shown(how)} is no regular expression: ${reasonOf(error)}`, 'check it in JavaScript')
  }
}
