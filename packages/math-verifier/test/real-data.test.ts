import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { answerKey, compareAnswers } from '../src/compare-answers.js'
import { extractAnswer } from '../src/extract-answer.js'
import { numberReward } from '../src/number-reward.js'

const folder = fileURLToPath(new URL('../../../../shared/data/', import.meta.url))
const missing = (name: string): boolean => !existsSync(folder + name)
const titled = (title: string, name: string): string =>
  missing(name) ? `${title} (skipped: ../shared/data/${name} is not here)` : title
const rows = (name: string): unknown[] =>
  readFileSync(folder + name, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown)

const gsm8k = 'gsm8k/example_model_solutions.jsonl'
const systems = ['6b_finetuning', '6b_verification', '175b_finetuning', '175b_verification'] as const
type Solutions = { readonly ground_truth: string } & Readonly<
  Record<(typeof systems)[number], { readonly is_correct: boolean; readonly solution: string }>
>

it.skipIf(missing(gsm8k))(titled('numberReward gives the labels of 5,276 solutions of GSM8K', gsm8k), async () => {
  const rules = [/^A: (.*)$/m]
  const reward = numberReward({ rules })
  const correct = new Map<string, number>()
  let judged = 0
  for (const [at, row] of (rows(gsm8k) as Solutions[]).entries()) {
    const reference = extractAnswer(row.ground_truth, rules).answer!
    const samples = systems.map((system) => ({ text: row[system].solution, tokens: [], logprobs: [] }) as never)
    const outcomes = await reward.score({ id: `${at}`, prompt: '', reference }, samples)
    for (const [k, system] of systems.entries()) {
      const outcome = outcomes[k]!
      judged++
      expect(outcome, `${at} ${system}`).toMatchObject({ kind: 'scored', reward: row[system].is_correct ? 1 : 0 })
      correct.set(system, (correct.get(system) ?? 0) + (row[system].is_correct ? 1 : 0))
    }
  }
  expect(judged).toBe(5_276)
  expect(systems.map((system) => correct.get(system))).toEqual([286, 515, 458, 742])
})

const solutions = 'math_answers/MATH_test_tora.jsonl'

it.skipIf(missing(solutions))(titled('reads the boxed answers of 5,000 worked solutions', solutions), () => {
  const found = (rows(solutions) as { readonly solution: string }[]).map(({ solution }) =>
    extractAnswer(solution, ['boxed']),
  )
  const answers = found.flatMap(({ answer }) => answer ?? [])
  expect(found).toHaveLength(5_000)
  // 23 solutions box two or three answers.
  expect(answers).toHaveLength(4_977)
  for (const answer of answers) expect(compareAnswers(answer, `$ ${answer} $.`).verdict, answer).toBe('equal')
  expect(answers.filter((answer) => answerKey(answer) === undefined).length).toBeLessThanOrEqual(10)
})
