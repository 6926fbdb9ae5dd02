import { shown } from '@posttrain/core'
import { nameOfOption } from '../option-names.js'
import type { LoggedSample } from './logged-sample.js'
import type { RowFields } from '../row-fields.js'
import type { RowRules } from './row-rules.js'
import { keyOf, standsForNone } from './answer.js'
import { canonicalOf } from './canonical.js'
import { SCORE_LISTS, SCORES } from './field-names.js'
import { scoreOf } from './score.js'
import { wrongField, wrongRow } from './wrong-field.js'

const SCORE = 'must be a finite number, true, false or null'
const ANSWER = 'must be a text, a number, a list of these, or null'
const PROXY = 'must be a finite number or null'

/** Fields that may hold a list of scores. */
const LISTS = [...SCORE_LISTS, ...SCORES]

/** The fields of a row that hold lists of scores. */
export const listsOf = (fields: RowFields): readonly string[] => LISTS.filter((name) => Array.isArray(fields[name]))

/** The fields of a row that hold a score of one sample; one of null says nothing. */
export const scoresOf = (fields: RowFields): readonly string[] => SCORES.filter((name) => isScore(fields[name]))
const isScore = (value: unknown): boolean => value !== undefined && value !== null && !Array.isArray(value)

/**
 * The one sample of a row.
 *
 * @param fields under our names
 * @param where file and line, for messages
 */
export function sampleOf(fields: RowFields, where: string, rules: RowRules): LoggedSample {
  const names = scoresOf(fields)
  let reward: number | undefined
  for (const name of names) {
    const value = rewardOf(fields[name], name, where, rules)
    if (value === undefined || value === reward) continue
    if (reward !== undefined) {
      const choose = `choose one with ${nameOfOption('score', rules.optionNames)} ${names[0]}`
      throw wrongRow(where, `${names.join(' and ')} contradict each other`, choose)
    }
    reward = value
  }
  const { answer, proxy, completion } = fields
  return assembled(reward, answerOf(answer, 'answer', where, rules), proxyOf(proxy, 'proxy', where), completion, rules)
}

/** All samples of a task, of a row with a list of scores. */
export function samplesOf(fields: RowFields, list: string, where: string, rules: RowRules): readonly LoggedSample[] {
  const rewards = fields[list] as readonly unknown[]
  const listOf = (name: string): readonly unknown[] => {
    const values = fields[name] ?? []
    if (!Array.isArray(values)) throw wrongField(where, name, 'must be a list', values)
    if (values.length !== rewards.length && fields[name] !== undefined && fields[name] !== null) {
      throw wrongRow(where, `there are ${rewards.length} ${list} but ${values.length} ${name}`)
    }
    return values
  }
  const [answers, proxies, texts] = [listOf('answers'), listOf('proxies'), listOf('samples')]
  return rewards.map((value, i) => {
    const reward = rewardOf(value, `${list}[${i}]`, where, rules)
    const answer = answerOf(answers[i], `answers[${i}]`, where, rules)
    return assembled(reward, answer, proxyOf(proxies[i], `proxies[${i}]`, where), texts[i], rules)
  })
}

function assembled(
  reward: number | undefined,
  key: string | undefined,
  proxy: number | undefined,
  completion: unknown,
  rules: RowRules,
): LoggedSample {
  const placeholder = key !== undefined && standsForNone(key, rules)
  const answer = placeholder || key === undefined ? undefined : canonicalOf(key, rules.canonical ?? 'none')
  return { reward, answer, placeholder, proxy, completion: typeof completion === 'string' ? completion : undefined }
}

function rewardOf(value: unknown, name: string, where: string, rules: RowRules): number | undefined {
  const score = scoreOf(value, rules)
  if (score !== undefined) return Number.isNaN(score) ? undefined : score
  const { fields: names, optionNames } = rules
  const called = names?.score === undefined ? name : name.replace(/^rewards?/, names.score)
  if (typeof value !== 'string') throw wrongField(where, called, SCORE, value)
  const verdicts = `say what each text is worth with ${nameOfOption('verdicts', optionNames)} ${shown(value)}=1`
  throw wrongField(where, called, SCORE, value, verdicts)
}

function answerOf(value: unknown, name: string, where: string, { fields }: RowRules): string | undefined {
  if (value === undefined || value === null) return undefined
  const key = keyOf(value)
  if (key !== undefined) return key
  throw wrongField(where, fields?.answer ?? name, ANSWER, value)
}

function proxyOf(value: unknown, name: string, where: string): number | undefined {
  if (value === undefined || value === null || Number.isNaN(value)) return undefined
  const proxy = typeof value === 'boolean' ? undefined : scoreOf(value, {})
  if (proxy !== undefined) return proxy
  throw wrongField(where, name, PROXY, value)
}
