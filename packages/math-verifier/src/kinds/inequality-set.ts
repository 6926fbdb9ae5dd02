import { variableNames } from '../value/is-zero.js'
import { sumKey } from '../value/sum.js'
import { parts, type Answer } from './answer.js'
import { allReals, answerOf, difference, intersection, realSetOf, union } from './real-set.js'

const infinity = (sign: '' | '-'): Answer => ({ kind: 'text', text: `${sign}∞` })

/** The numbers that inequalities in one variable leave: (−∞, 3) for x < 3; the answer itself where it is none. */
export function setOfInequality(answer: Answer): Answer {
  if (answer.kind === 'labelled' && answer.role === 'name' && answer.label.endsWith('∈')) return answer.answer
  if (answer.kind !== 'parts') return answer
  if (answer.name === 'list' || answer.name === 'list or') {
    const sets = answer.parts.map((part) => realSetOf(setOfInequality(part)))
    if (answer.parts.some((part) => part.kind !== 'parts') || sets.includes(undefined)) return answer
    return answerOf(sets.map((set) => set!).reduce(answer.name === 'list' ? intersection : (a, b) => union(a, b)))
  }
  const signs = answer.name.split(' ')
  const [first, second, third] = answer.parts
  if (answer.name === '≠') {
    const point = answer.parts.find((part) => !isVariable(part))
    const set = point && realSetOf(parts('set', [point], false))
    return set === undefined || !answer.parts.some(isVariable) ? answer : answerOf(difference(allReals, set))
  }
  if (!signs.every((sign) => sign === '<' || sign === '≤')) return answer
  const [left, right] = [signs[0] === '≤' ? '[' : '(', signs.at(-1) === '≤' ? ']' : ')']
  if (answer.parts.length === 3 && isVariable(second!)) return parts(`interval ${left}${right}`, [first!, third!])
  if (answer.parts.length !== 2) return answer
  if (isVariable(first!) && !isVariable(second!)) return parts(`interval (${right}`, [infinity('-'), second!])
  if (isVariable(second!) && !isVariable(first!)) return parts(`interval ${left})`, [first!, infinity('')])
  return answer
}

/** Whether an answer is a variable and nothing more. */
function isVariable(answer: Answer): boolean {
  if (answer.kind !== 'value') return false
  const [name, ...others] = variableNames(answer.value.top)
  return name !== undefined && others.length === 0 && sumKey(answer.value.top) === name
}
