import { shown } from '@posttrain/core'
import { nameOfOption } from '../option-names.js'
import type { LoggedSample, RowFields, RowRules } from '../parse-row.js'
import { keyOf, standsForNone } from './answer.js'
import { canonicalOf } from './canonical.js'
import { SCORE_LISTS, SCORES } from './field-names.js'
import { scoreOf } from './score.js'
import { wrongField, wrongRow } from './wrong-field.js'

const SCORE = 'must be a finite number, true, false or null'
const ANSWER = 'must be a text, a number, a list of these, or null'
const PROXY = 'must be a finite number or null'

/** Reads the samples of rows, each naming its place and what the caller calls its fields. */
export class SampleReader {
  readonly #fields: RowFields
  readonly #where: string
  readonly #rules: RowRules

  /** @param fields of a row, under our names */
  constructor(fields: RowFields, where: string, rules: RowRules) {
    this.#fields = fields
    this.#where = where
    this.#rules = rules
  }

  /** The fields that hold lists of scores. */
  lists(): readonly string[] {
    return [...SCORE_LISTS, ...SCORES].filter((name) => Array.isArray(this.#fields[name]))
  }

  /** The fields that hold a score of one sample; one of null says nothing. */
  scores(): readonly string[] {
    return SCORES.filter((name) => {
      const value = this.#fields[name]
      return value !== undefined && value !== null && !Array.isArray(value)
    })
  }

  /** The one sample of a row. */
  one(): LoggedSample {
    const { answer, proxy, completion } = this.#fields
    const names = this.scores()
    const rewards = names.map((name) => this.#reward(name, this.#fields[name]))
    const reward = rewards.find((value) => value !== undefined)
    if (rewards.some((value) => value !== undefined && value !== reward)) {
      const choose = `choose one with ${nameOfOption('score', this.#rules.optionNames)} ${names[0]}`
      throw wrongRow(this.#where, `${names.join(' and ')} contradict each other`, choose)
    }
    return this.#sample(reward, answer, proxy, completion, '')
  }

  /** All samples of a task, of a row with a list of scores. */
  all(list: string): readonly LoggedSample[] {
    const rewards = this.#fields[list] as readonly unknown[]
    const listOf = (name: string): readonly unknown[] => {
      const values = this.#fields[name] ?? []
      if (!Array.isArray(values)) throw wrongField(this.#where, name, 'must be a list', values)
      if (name in this.#fields && this.#fields[name] !== null && values.length !== rewards.length) {
        throw wrongRow(this.#where, `there are ${rewards.length} ${list} but ${values.length} ${name}`)
      }
      return values
    }
    const [answers, proxies, texts] = [listOf('answers'), listOf('proxies'), listOf('samples')]
    return rewards.map((value, i) => {
      const reward = this.#reward(`${list}[${i}]`, value)
      return this.#sample(reward, answers[i], proxies[i], texts[i], `[${i}]`)
    })
  }

  #sample(reward: number | undefined, answer: unknown, proxy: unknown, completion: unknown, at: string): LoggedSample {
    const key = this.#answer(answer, at)
    const placeholder = key !== undefined && standsForNone(key, this.#rules)
    return {
      reward,
      answer: placeholder || key === undefined ? undefined : canonicalOf(key, this.#rules.canonical ?? 'none'),
      placeholder,
      proxy: this.#proxy(proxy, at),
      completion: typeof completion === 'string' ? completion : undefined,
    }
  }

  #reward(name: string, value: unknown): number | undefined {
    const score = scoreOf(value, this.#rules)
    if (score !== undefined) return Number.isNaN(score) ? undefined : score
    const { fields: names, optionNames } = this.#rules
    const called = names?.score === undefined ? name : name.replace(/^rewards?/, names.score)
    const verdicts = `say what each text is worth with ${nameOfOption('verdicts', optionNames)} ${shown(String(value))}=1`
    throw wrongField(this.#where, called, SCORE, value, typeof value === 'string' ? verdicts : undefined)
  }

  #answer(value: unknown, at: string): string | undefined {
    if (value === undefined || value === null) return undefined
    const key = keyOf(value)
    if (key !== undefined) return key
    const ours = at === '' ? 'answer' : `answers${at}`
    throw wrongField(this.#where, this.#rules.fields?.answer ?? ours, ANSWER, value)
  }

  #proxy(value: unknown, at: string): number | undefined {
    if (value === undefined || value === null || Number.isNaN(value)) return undefined
    const proxy = scoreOf(value, {})
    if (proxy !== undefined && typeof value !== 'boolean') return proxy
    throw wrongField(this.#where, at === '' ? 'proxy' : `proxies${at}`, PROXY, value)
  }
}
