import { describe, expect, it } from 'vitest'
import type { ScoredOutcome } from '@posttrain/core'
import { gPassAtK, majorityAtK, meanGPassAtK, passAtK } from '@posttrain/estimators'
import { json, missing, titled } from './real-data.js'

interface Case {
  readonly name: string
  readonly metric_class: string
  readonly metric_params: { readonly k: number; readonly n?: number; readonly thresholds?: number[] }
  readonly doc: { readonly choices: string[]; readonly gold_index: number | number[] }
  readonly model_response: { readonly text: string[] }
  readonly expected_output: Readonly<Record<string, number>>
  readonly tolerance: number
}

/** Cases in which lighteval's extraction judges otherwise than equality of strings: its number of correct answers. */
const theirVerdicts: Readonly<Record<string, readonly [correct: number, why: string]>> = {
  'Pass at K Letters - Correct Letters': [0, 'its letter extractor finds no letter in a bare letter'],
  'Pass at K Letters - Multiple Attempts': [0, 'the same'],
  'G Pass At K Math - Mixed Correct and Incorrect': [0, 'its expression extractor does not read x^2/2'],
  'G Pass At K Math - High K Value': [0, 'nor n(n+1)/2'],
  'G Pass At K Math - Fractions': [2, 'it compares values: 3/4 is 0.75'],
  'G Pass At K Latex - High K Value': [5, 'it compares values: n(n+1)/2 is the fraction'],
  'Gpqa Instruct Pass At K - Parentheses Format': [2, 'it finds the letter in (B)'],
  'Gpqa Instruct Pass At K - Reasoning with Answer': [2, 'it finds the letter in a sentence'],
  'Gpqa Instruct Pass At K - Final Answer Format': [2, 'the same'],
}

const goldOf = ({ doc: { choices, gold_index } }: Case): string =>
  choices[Array.isArray(gold_index) ? gold_index[0]! : gold_index]! // of several right answers it takes the first

const correctIn = (one: Case, texts: readonly string[]): number =>
  theirVerdicts[one.name]?.[0] ?? texts.filter((text) => text.trim() === goldOf(one)).length

const files = [
  'pass_at_k',
  'pass_at_k_letters',
  'pass_at_k_math',
  'gpqa_instruct_pass_at_k',
  'avg_at_k',
  'avg_at_k_math',
  'maj_at_k',
  'g_pass_at_k',
  'g_pass_at_k_math',
  'g_pass_at_k_latex',
]

const absent = missing('lighteval_metric_cases')

describe.skipIf(absent)(titled("lighteval's golden cases", 'lighteval_metric_cases'), () => {
  const cases = absent
    ? []
    : files.flatMap((file) => (json(`lighteval_metric_cases/${file}.json`) as { test_cases: Case[] }).test_cases)
  const of = (kind: RegExp): Case[] => cases.filter(({ metric_class }) => kind.test(metric_class))
  const close = (actual: number, expected: number, tolerance: number): void =>
    expect(Math.abs(actual - expected)).toBeLessThanOrEqual(tolerance)
  const only = ({ expected_output }: Case): number => Object.values(expected_output)[0]!

  it('number 58, all of them covered here', () => {
    expect(cases.length).toBe(58)
    expect(cases.length).toBe(of(/^(pass|gpqa)/).length + of(/^avg/).length + of(/^maj/).length + of(/^g_pass/).length)
    expect(Object.keys(theirVerdicts).every((name) => cases.some((one) => one.name === name))).toBe(true)
  })

  it('of pass@k', () => {
    for (const one of of(/^(pass|gpqa)/)) {
      const { k, n } = one.metric_params
      close(passAtK(n!, correctIn(one, one.model_response.text), k), only(one), one.tolerance)
    }
  })

  it('of avg@k, which is pass@1 of the first k answers', () => {
    for (const one of of(/^avg/)) {
      const { k } = one.metric_params
      close(passAtK(k, correctIn(one, one.model_response.text.slice(0, k)), 1), only(one), one.tolerance)
    }
  })

  it('of maj@k, which lets the answer seen first win a tie; shared, a tie of three is worth a third', () => {
    for (const one of of(/^maj/)) {
      const outcomes = one.model_response.text.map((answer): ScoredOutcome => ({
        kind: 'scored',
        answer,
        reward: Number(answer === goldOf(one)),
      }))
      close(majorityAtK(outcomes, one.metric_params.k, { ties: 'first' }), only(one), one.tolerance)
      if (one.name.includes('No Majority')) close(majorityAtK(outcomes, 3, { ties: 'share' }), 1 / 3, 1e-12)
    }
  })

  it('of G-Pass@k and its mean', () => {
    for (const one of of(/^g_pass/)) {
      const { k, n, thresholds } = one.metric_params
      const c = correctIn(one, one.model_response.text)
      for (const [name, expected] of Object.entries(one.expected_output)) {
        const tau = thresholds!.find((threshold) =>
          name.endsWith(`_${threshold.toFixed(threshold % 0.5 === 0 ? 1 : 2)}`),
        )
        close(tau === undefined ? meanGPassAtK(n!, c, k) : gPassAtK(n!, c, k, tau), expected, 1e-12)
      }
    }
  })
})
