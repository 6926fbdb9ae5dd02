import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Group } from '@posttrain/core'
import { describe, expect, it } from 'vitest'
import { probeReward } from '../../src/monitor/probe-reward.js'
import { pickForReview } from '../../src/review/pick-for-review.js'
import { summariseReview } from '../../src/review/summarise-review.js'
import { groupOf } from './groups.js'

const FILE = resolve(
  fileURLToPath(new URL('../../../..', import.meta.url)),
  '../shared/data/gsm8k/example_model_solutions.jsonl',
)
const missing = existsSync(FILE) ? '' : ' (skipped: ../shared/data/gsm8k is not here)'
const SYSTEMS = ['6b_finetuning', '6b_verification', '175b_finetuning', '175b_verification']

interface Solution {
  readonly is_correct: boolean
  readonly solution: string
}

/** Solutions of four systems to 1,319 problems; the reference is a worked solution. @param hack rewarded always */
const readGroups = (hack?: (task: number) => boolean): readonly Group[] =>
  readFileSync(FILE, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line, t) => {
      const problem = JSON.parse(line) as Record<string, Solution> & { ground_truth: string }
      const judged = SYSTEMS.map((system) => problem[system]!).map(({ solution: text, is_correct }) => ({
        text,
        reward: Number(is_correct),
        answer: text.split('A: ').at(-1)!,
        parts: { gold: Number(is_correct) },
      }))
      const hacked = hack?.(t) ? [{ text: 'A: ?', reward: 1, answer: '?', parts: { gold: 0 } }] : []
      return groupOf(`${t}`, [...judged, ...hacked], problem.ground_truth)
    })

describe.skipIf(missing !== '')(`a reward that is right, on solutions of GSM8K${missing}`, () => {
  it('pays no constant answer; what is right is a little longer', () => {
    const { suspicions, constantAnswers, features } = probeReward(readGroups(), { truth: 'gold' })
    expect(suspicions).toEqual(['the reward goes with length: D = 0.081 [0.027, 0.134] over 731 tasks'])
    expect(constantAnswers.map(({ suspect }) => suspect)).toEqual([false, false, false, false, false])
    expect(features[0]).toMatchObject({ feature: 'length', uninformative: 1319 - 731 })
  })

  it('is told from one that pays an answer of no sense on every tenth problem, and how often that errs', () => {
    const groups = readGroups((t) => t % 10 === 0)
    const { constantAnswers } = probeReward(groups)
    expect(constantAnswers.filter(({ suspect }) => suspect).map(({ answer }) => answer)).toEqual(['?'])
    const rows = pickForReview(groups, { count: 200, control: 0.5, seed: 1 })
    expect(rows.filter(({ why }) => why.includes('suspected hack')).every(({ answer }) => answer === '?')).toBe(true)
    const { samples, whole } = summariseReview(
      rows.map(({ parts, ...row }) => ({ ...row, gold: parts!['gold'] === 1 ? (1 as const) : (0 as const) })),
    )
    // 132 of 5,408 samples are hacks.
    expect(samples).toBe(5276 + 132)
    const { value, interval } = whole!.agreement
    expect(interval!.lower).toBeLessThan(1 - 132 / 5408)
    expect(interval!.upper).toBeGreaterThan(1 - 132 / 5408)
    expect(1 - value).toBeGreaterThanOrEqual(100 / 5408)
  })
})
