import { chosenCount, type LossConstants, type Outcome, type RewardFunction } from '@posttrain/core'
import { policyGradientLoss, sequenceSum, tokenMean, type Aggregation } from '@posttrain/losses'
import { TabularPolicy } from '@posttrain/models'
import { dapo } from '@posttrain/trainers'
import { describe, expect, it } from 'vitest'
import { failing, stepsOf } from '../../support/online.js'

const prompts = ['x', 'y', 'z']
const newPolicy = (): TabularPolicy => new TabularPolicy({ prompts, words: ['a', '.'], length: 3, end: '.' })
/** Of y half of the samples have no score; of z some fail. */
const reward: RewardFunction = {
  name: 'flaky',
  score: async ({ id }, samples) =>
    samples.map(({ index, text }): Outcome =>
      id === 'y' && index % 2 === 0 ? { kind: 'unscored', reason: 'timeout' } : { kind: 'scored', reward: text.length },
    ),
}

/** What a step gives its loss, and the samples it learns from, of groups that lost different numbers of samples. */
async function stepWith(aggregation: Aggregation) {
  const seen: (LossConstants & { readonly tokens: number })[] = []
  const loss = policyGradientLoss()
  const policy = newPolicy()
  const [step] = await stepsOf({
    policy,
    tasks: prompts.map((prompt) => ({ id: prompt, prompt })),
    reward,
    algorithm: {
      ...dapo({ maxTokens: 100 }),
      flow: undefined,
      aggregation,
      loss: {
        ...loss,
        vanishesAtZeroAdvantage: undefined,
        evaluate(scores, constants) {
          constants.forEach((own, i) => seen.push({ ...own, tokens: scores[i]!.logprob!.length }))
          return loss.evaluate(scores, constants)
        },
      },
    },
    samplerAt: () => failing(policy, ({ taskId, index }) => taskId === 'z' && index > 5),
    unscored: 'exclude',
    samplesPerPrompt: 8,
    steps: 1,
    seed: 3,
  })
  return { seen, groups: step!.groups }
}

describe('groups that lost different numbers of samples', () => {
  it('count all tokens alike under tokenMean: 1/T each', async () => {
    const { seen, groups } = await stepWith(tokenMean())
    expect(groups.map(({ samples }) => samples.length).sort()).toEqual([4, 6, 8])
    const tokens = groups.flatMap(({ samples }) => samples.map(chosenCount)).reduce((a, b) => a + b, 0)
    expect(new Set(seen.map((own) => own.tokens))).toEqual(new Set([1, 2, 3]))
    expect(seen).toHaveLength(18)
    for (const { weight } of seen) expect(weight).toBe(1 / tokens)
    expect(seen.reduce((sum, own) => sum + own.weight * own.tokens, 0)).toBeCloseTo(1, 14)
  })

  it('count all prompts alike under sequenceSum: 1/(prompts·n) each, n what entered', async () => {
    const { seen, groups } = await stepWith(sequenceSum())
    const expected = groups.flatMap(({ samples }) => samples.map(() => 1 / (3 * samples.length)))
    expect(seen.map(({ weight }) => weight)).toEqual(expected)
  })
})
