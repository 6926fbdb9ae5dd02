import { expect, it } from 'vitest'
import { answerKey, compareAnswers } from '../src/compare-answers.js'
import type { AnswerOptions } from '../src/answer-options.js'

type Case = readonly [option: keyof AnswerOptions, reference: string, answer: string, verdict?: string]

const cases: readonly Case[] = [
  ['percentAsNumber', '0.25', '25\\%'],
  ['percentAsNumber', '25\\%', '\\frac14'],
  ['unorderedLists', '1, 2', '2, 1'],
  ['unorderedLists', '(2,3),(4,5)', '(4,5),(2,3)'],
  ['convertUnits', '12\\text{ cm}', '120\\text{ mm}'],
  ['convertUnits', '2.5\\text{ km}', '2500\\text{ m}'],
  ['convertUnits', '1\\text{ h }30\\text{ min}', '90\\text{ min}'],
  ['convertUnits', '36\\text{ km/h}', '10\\text{ m/s}'],
  ['convertUnits', '1\\text{ m}^2', '10{,}000\\text{ cm}^2'],
  ['convertUnits', '1\\text{ L}', '1000\\text{ cm}^3'],
  ['convertUnits', '1\\text{ mile}', '1.609344\\text{ km}'],
  ['convertUnits', '\\$0.50', '50\\text{ cents}'],
  ['convertUnits', '12\\text{ cm}', '12\\text{ mm}', 'different'],
  ['convertUnits', '12\\text{ cm}', '12\\text{ kg}', 'different'],
  ['degreesAsRadians', '\\frac{\\pi}{6}', '30^\\circ'],
  ['degreesAsRadians', '\\frac{\\pi}{6}', '31^\\circ', 'different'],
  ['inequalitiesAsSets', '(-\\infty,3)', 'x<3'],
  ['inequalitiesAsSets', '[2,5)', '2\\le x<5'],
  ['inequalitiesAsSets', '[2,5)', '5>x\\ge2'],
  ['inequalitiesAsSets', '(-\\infty,-1)\\cup(1,\\infty)', 'x<-1\\text{ or }x>1'],
  ['inequalitiesAsSets', '(1,2)', 'x>1\\text{ and }x<2'],
  ['inequalitiesAsSets', '(-\\infty,0)\\cup(0,\\infty)', 'x\\ne0'],
  ['inequalitiesAsSets', '(-\\infty,3)', 'x\\le3', 'different'],
  ['roundToGivenDigits', '\\frac13', '0.33'],
  ['roundToGivenDigits', '\\sqrt3', '1.73205080757'],
  ['roundToGivenDigits', '0.30000000000000004', '0.3'],
  ['roundToGivenDigits', '2^{1/2}+3^{1/3}', '2.8564631327'],
  ['roundToGivenDigits', '\\frac23', '0.66', 'different'],
  ['roundToGivenDigits', '3.7', '4', 'different'],
]

for (const [option, reference, answer, verdict = 'equal'] of cases)
  it(`${option} decides ${reference} against ${answer}`, () => {
    expect(compareAnswers(reference, answer, { [option]: true }).verdict).toBe(verdict)
    expect(compareAnswers(reference, answer, {}).verdict).not.toBe('equal')
  })

it('gives one key to what an option joins, where it is an equivalence', () => {
  for (const [option, reference, answer, verdict = 'equal'] of cases) {
    if (option === 'roundToGivenDigits') continue
    const keys = [reference, answer].map((text) => answerKey(text, { [option]: true }))
    expect(keys[0] === keys[1], `${reference} | ${answer} | ${keys.join(' | ')}`).toBe(verdict === 'equal')
  }
})
