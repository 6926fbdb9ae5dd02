import type { Sample } from '@posttrain/core'
import { describe, expect, it } from 'vitest'
import type { AdvantageInput } from '../../src/advantages/advantage-estimator.js'
import { budgetedImitation } from '../../src/budget/budgeted-imitation.js'

const usage = { promptTokens: 1, completionTokens: 1 }
/** A group from [text, reward]; texts tell their cost group by their length. */
const groupOf = (id: string, ...answers: [string, number][]): AdvantageInput => ({
  task: { id, prompt: id },
  samples: answers.map(([text], index): Sample => ({ id, taskId: id, index, seed: 0, text, finish: 'stop', usage })),
  outcomes: answers.map(([, reward]) => ({ kind: 'scored', reward })),
})
const costGroupOf = ({ text }: Sample): number => text.length - 1
const weights = (rule: ReturnType<typeof budgetedImitation>, groups: readonly AdvantageInput[]): unknown =>
  rule.advantages(groups).map(({ advantages }) => advantages)

const easy = groupOf('easy', ['s', 1], ['s', 1], ['ee', 1], ['ee', 1])
const gains = groupOf('gains', ['s', 0], ['s', 1], ['ee', 1], ['ee', 1])
const gainsMore = groupOf('gains more', ['s', 0], ['s', 0], ['ee', 1], ['ee', 0])
const hopeless = groupOf('hopeless', ['s', 0], ['s', 0], ['ee', 0], ['ee', 0])
const one = { costGroupOf, budgets: [{ groups: [1], share: 0.25 }] }

describe('budgetedImitation', () => {
  it('imitates the rewarded responses of the chosen group, and the cheap ones of a prompt it cannot solve', () => {
    expect(weights(budgetedImitation(one), [easy, gains, gainsMore, hopeless])).toEqual([
      [2, 2, 0, 0],
      [0, 0, 2, 2], // first of two equal margins
      [2, 2, 0, 0], // not chosen, and its standard responses are all wrong
      [2, 2, 0, 0],
    ])
  })

  it('leaves unsolved prompts out where told to', () => {
    const rule = budgetedImitation({ ...one, unsolved: 'skip' })
    expect(weights(rule, [easy, gains, gainsMore, hopeless])).toEqual([
      [2, 2, 0, 0],
      [0, 0, 2, 2],
      [0, 0, 0, 0],
      [0, 0, 0, 0],
    ])
  })

  it('never chooses a group without samples, and counts a missing standard group as 0', () => {
    const onlyStandard = groupOf('only standard', ['s', 0], ['s', 1])
    const onlyExpensive = groupOf('only expensive', ['ee', 0], ['ee', 1])
    const all = { costGroupOf, budgets: [{ groups: [1], share: 1 }] }
    expect(weights(budgetedImitation(all), [onlyStandard, onlyExpensive])).toEqual([
      [0, 2],
      [0, 2],
    ])
    const none = { costGroupOf, budgets: [{ groups: [1], share: 0 }] }
    expect(weights(budgetedImitation(none), [onlyStandard, onlyExpensive])).toEqual([
      [0, 2],
      [0, 0],
    ])
  })

  it('weighs by reward where rewards are not 0 and 1', () => {
    const graded = groupOf('graded', ['s', 0.25], ['s', 0.75], ['ee', 0.5])
    expect(weights(budgetedImitation(one), [graded])).toEqual([[0.75, 2.25, 0]])
  })

  it('takes several groups and budgets', () => {
    const rule = budgetedImitation({
      costGroupOf,
      groups: 3,
      budgets: [
        { groups: [1, 2], share: 2 / 3 },
        { groups: [2], share: 1 / 3 },
      ],
    })
    const a = groupOf('a', ['s', 0], ['ee', 0], ['xxx', 1])
    const b = groupOf('b', ['s', 0], ['ee', 0.5], ['xxx', 1])
    const c = groupOf('c', ['s', 0.25], ['ee', 0.5], ['xxx', 0.5])
    expect(weights(rule, [a, b, c])).toEqual([
      [0, 0, 3],
      [0, 3, 0],
      [3, 0, 0],
    ])
  })

  it('chooses over the batch: of a batch of three, half is one', () => {
    const half = { costGroupOf, budgets: [{ groups: [1], share: 0.5 }] }
    const chosen = (groups: AdvantageInput[]): number =>
      budgetedImitation(half)
        .advantages(groups)
        .filter(({ advantages }) => Number(advantages[2]) > 0).length
    expect(chosen([gains, gains, gains])).toBe(1)
    expect(chosen(new Array<AdvantageInput>(30).fill(gains))).toBe(15)
  })

  it('refuses negative rewards, unknown groups and no budget', () => {
    const rule = budgetedImitation(one)
    expect(() => rule.advantages([groupOf('x', ['s', -1])])).toThrow(
      'imitation needs rewards of at least 0, but task x has -1',
    )
    expect(() => rule.advantages([groupOf('x', ['xxx', 1])])).toThrow('was put into cost group 2, but there are 2')
    expect(() => budgetedImitation({ costGroupOf, budgets: [] })).toThrow('budgets is empty')
    expect(() => budgetedImitation({ costGroupOf, budgets: [{ groups: [5], share: 1 }] })).toThrow(
      'a group of budgets[0]',
    )
  })
})
