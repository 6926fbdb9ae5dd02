import { describe, expect, it } from 'vitest'
import { NO_USAGE, type Group, type Outcome, type Task } from '@posttrain/core'
import { patternShares, shiftShare, tokenRank } from '@posttrain/estimators'
import { TabularPolicy } from '@posttrain/models'
import { game24Pattern, game24Reward, measurePatternSelection } from '@posttrain/recipes'

/** A group from texts such as `sum+`, right, or `sum`, wrong. */
const groupOf = (id: string, texts: readonly string[], outcomes?: readonly Outcome[]): Group => ({
  task: { id, prompt: id },
  samples: texts.map((text, index) => ({ id, taskId: id, seed: 0, index, text, finish: 'stop', usage: NO_USAGE })),
  outcomes: outcomes ?? texts.map((text) => ({ kind: 'scored', reward: Number(text.endsWith('+')) })),
})
const times = (n: number, text: string): string[] => Array.from({ length: n }, () => text)
const classify = ({ text }: { readonly text: string }): string | undefined => /^\w+/.exec(text)?.[0]

/** 20 samples in the compendium's slow regime: best 0.05 · 1, rival 0.7 · 8/14, third 0.25 · 0. */
const slow = [...times(1, 'best+'), ...times(8, 'rival+'), ...times(6, 'rival'), ...times(5, 'third')]
const trained = [...times(15, 'best+'), ...times(2, 'rival+'), ...times(2, 'rival'), ...times(1, 'fourth')]

describe('measurePatternSelection', () => {
  const before = ['a', 'b', 'c'].map((id) => groupOf(id, slow))
  const after = ['c', 'b', 'a'].map((id) => groupOf(id, trained))

  it('has shares, the split, new patterns and the regime of the base', () => {
    const found = measurePatternSelection(before, after, { classify })
    expect(found).toMatchObject({ tasks: 3, tasksLeftOut: 0, newPatterns: ['fourth'], rankingChange: undefined })
    expect(found.before.map(({ pattern, share }) => [pattern, share.toFixed(2)])).toEqual([
      ['rival', '0.70'],
      ['third', '0.25'],
      ['best', '0.05'],
    ])
    expect(found.after[0]).toMatchObject({ pattern: 'best', success: 1 })
    expect(found.split.change.difference).toBeCloseTo(17 / 20 - 9 / 20, 14)
    expect(found.split.selection.value + found.split.execution.value).toBeCloseTo(0.4, 14)
    // Only the rival's success changes: 8/14 to 1/2, at a mean share of 0.45.
    expect(found.split.execution.value).toBeCloseTo((0.5 - 8 / 14) * 0.45, 14)
    expect(found.regime).toMatchObject({ kind: 'slow', best: 'best', slow: { rival: 'rival' }, support: 1 })
    expect(found.regime.slow!.gamma).toBeCloseTo(6, 12)
  })

  it('is what the estimators say of the counts, with the level that is asked for', () => {
    const found = measurePatternSelection(before, after, { classify, level: 0.8 })
    const [from, to] = [slow, trained].map((texts) => {
      const counts = new Map<string | undefined, { samples: number; reward: number }>()
      for (const text of texts) {
        const { samples, reward } = counts.get(classify({ text })) ?? { samples: 0, reward: 0 }
        counts.set(classify({ text }), { samples: samples + 1, reward: reward + Number(text.endsWith('+')) })
      }
      return [counts, counts, counts]
    })
    expect(found.before).toEqual(patternShares(from!, { level: 0.8 }))
    expect(found.split).toEqual(shiftShare(from!, to!, { level: 0.8 }))
  })

  it('says how surely the tasks have the regime: here by whether a is drawn, and as often as it is', () => {
    // Task a alone has the best pattern. Where it is not drawn the rival is best, and the regime fast.
    const rest = ['b', 'c', 'd', 'e'].map((id) => groupOf(id, slow.slice(1)))
    const groups = [groupOf('a', slow), ...rest]
    const { regime } = measurePatternSelection(groups, groups, { classify, seed: 3 })
    expect(regime.kind).toBe('slow')
    // P(a is drawn) = 1 − (4/5)⁵ = 0.672; three standard errors of 1,000 draws are 0.045.
    expect(Math.abs(regime.support - 0.67232)).toBeLessThan(0.045)
    expect(measurePatternSelection(groups, groups, { classify, seed: 3 }).regime).toEqual(regime)
  })

  it('counts what has no score and leaves out tasks that have none on a side', () => {
    const unscored: Outcome[] = trained.map(() => ({ kind: 'unscored', reason: 'timeout' }))
    const found = measurePatternSelection(before, [groupOf('a', trained, unscored), ...after.slice(0, 2)], { classify })
    expect(found).toMatchObject({ tasks: 2, tasksLeftOut: 1, unscored: { before: 0, after: 20 } })
  })

  it('measures by which share of tokens the rank changed', async () => {
    const [base, model] = [0, 1].map(() => new TabularPolicy({ prompts: ['a', 'b'], words: ['x', 'y', 'z'] }))
    for (const prompt of ['a', 'b']) base!.setLogits(prompt, [], [2, 1, 0])
    model!.setLogits('a', [], [1, 2, 0])
    model!.setLogits('b', [], [3, 1, 0])
    const [logits, logitsAfter] = [await base!.logits(), await model!.logits()]
    const ranksIn = (all: Float64Array, task: Task, text: string): number[] => {
      const row = task.id === 'a' ? 0 : 3
      return [tokenRank(all.subarray(row, row + 3), ['x', 'y', 'z'].indexOf(text))]
    }
    const groups = [groupOf('a', ['x', 'y', 'z', 'y']), groupOf('b', ['x', 'x', 'y', 'z'])]
    const { rankingChange } = measurePatternSelection(groups, groups, {
      classify,
      ranksOf: ({ text }, task) => ({ base: ranksIn(logits, task, text), trained: ranksIn(logitsAfter, task, text) }),
    })
    expect(rankingChange!.value).toBe((3 / 4 + 0) / 2)
    expect(rankingChange!.interval).toMatchObject({ method: 'score', level: 0.95 })
  })

  it('measures Game of 24', async () => {
    const task = { id: 'p', prompt: '24 : 4 9 10 13' }
    const texts = ['13 - 9 4 10 4 | 10 - 4 4 6 | 6 * 4 24 .', '13 + 9 4 10 22 | 22 + 10 4 32 | 32 + 4 36 .']
    const groups = await Promise.all(
      ['p', 'q'].map(async (id) => {
        const group = groupOf(id, texts)
        return { ...group, task: { ...task, id }, outcomes: await game24Reward().score(task, group.samples) }
      }),
    )
    const { before: shares } = measurePatternSelection(groups, groups, { classify: game24Pattern })
    expect(shares.map(({ pattern, share, success }) => [pattern, share, success])).toEqual([
      ['4 * 6', 0.5, 1],
      ['sum', 0.5, 0],
    ])
  })

  it('refuses other tasks, too few, and functions that fail', () => {
    const measure = (a: readonly Group[], b: readonly Group[]) => measurePatternSelection(a, b, { classify })
    expect(() => measure(before, after.slice(1))).toThrow('task c has samples before training alone')
    expect(() => measure(before.slice(1), after)).toThrow('task a has samples after training alone')
    expect(() => measure([], [])).toThrow('0 of 0 tasks have scored samples before and after training')
    expect(() => measure(before.slice(0, 1), after.slice(2))).toThrow('1 of 1 tasks have scored samples')
    const fail = (): never => {
      throw new Error('no idea')
    }
    expect(() => measurePatternSelection(before, after, { classify: fail })).toThrow('no idea')
    expect(() => measurePatternSelection(before, after, { classify, ranksOf: fail })).toThrow(
      'ranksOf failed on sample 0 of task a: no idea',
    )
  })
})
