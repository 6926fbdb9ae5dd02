import type { Sample } from '@posttrain/core'
import { readFileSync } from 'node:fs'
import { afterAll, describe, expect, it } from 'vitest'
import { compareAnswers, computeEngineOpinion, mathReward } from '../src/index.js'

interface Pair {
  readonly gold: string
  readonly answer: string
  readonly expected: boolean | 'either'
}

const pairs = ['math', 'own-pairs'].flatMap((name) =>
  readFileSync(new URL(`fixtures/${name}.jsonl`, import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Pair),
)
const undecided = pairs.filter(
  ({ gold, answer, expected }) => expected !== 'either' && compareAnswers(gold, answer).verdict === 'cannot-tell',
)

/** What compute-engine expands for minutes. */
const HANGS = '(x+y+z+w)^{200}'

describe('the second opinion of compute-engine', async () => {
  const opinion = await computeEngineOpinion({ seconds: 10 })
  afterAll(() => opinion.close())

  it('is never wrong where this package cannot tell', { timeout: 300_000 }, async () => {
    const equal: Pair[] = []
    for (const pair of undecided) if (await opinion.isEqual(pair.gold, pair.answer)) equal.push(pair)
    expect(undecided).toHaveLength(21)
    expect(equal.map(({ gold, expected }) => [gold, expected])).toEqual([['\\lim_{x\\to 0}\\frac{\\sin x}{x}', true]])
  })

  // It calls the first two equal by their approximations, and reads the others as the same text.
  it.each([
    ['e^{\\pi\\sqrt{163}}', '262537412640768744'],
    ['\\arctan(10^{20})', '\\frac{\\pi}{2}'],
    ['\\frac{11}{2}', '5 % of 1'],
    ['1 1/2', '11/2'],
    ['5', '5?'],
  ])('does not say that %s is %s', async (reference, answer) => {
    expect(await opinion.isEqual(reference, answer)).toBe(false)
  })

  it('ends at its limit and goes on with the next', { timeout: 120_000 }, async () => {
    const brief = await computeEngineOpinion({ seconds: 8 })
    const hangs = brief.isEqual(HANGS, '\\frac{1}{2}')
    const next = brief.isEqual('\\lim_{x\\to 0}\\frac{\\sin x}{x}', '1')
    expect(await hangs).toBe(false)
    expect(await next).toBe(true)
    brief.close()
    await expect(brief.isEqual('\\sqrt{4}', '2')).rejects.toMatchObject({ code: 'aborted' })
  })

  it('stops at the signal', { timeout: 120_000 }, async () => {
    const stop = new AbortController()
    const asked = opinion.isEqual(HANGS, '\\frac{1}{2}', { signal: stop.signal })
    setTimeout(() => stop.abort(), 50)
    await expect(asked).rejects.toMatchObject({ code: 'aborted' })
    expect(await opinion.isEqual('\\lim_{x\\to 0}\\frac{\\sin x}{x}', '1')).toBe(true)
  })

  it('scores what would be unscored, and changes nothing else', async () => {
    const task = { id: 'a', prompt: '', reference: '1' }
    const samples = ['\\boxed{\\lim_{x\\to 0}\\frac{\\sin x}{x}}', '\\boxed{f(1)}', '\\boxed{2}', '\\boxed{1}'].map(
      (text, index): Sample => ({
        id: 'a',
        taskId: 'a',
        index,
        seed: 0,
        text,
        finish: 'stop',
        usage: { promptTokens: 0, completionTokens: 0 },
      }),
    )
    const kinds = async (reward: ReturnType<typeof mathReward>): Promise<unknown[]> =>
      (await reward.score(task, samples)).map((outcome) => (outcome.kind === 'scored' ? outcome.reward : null))
    expect(await kinds(mathReward())).toEqual([null, null, 0, 1])
    expect(await kinds(mathReward({ secondOpinion: opinion }))).toEqual([1, null, 0, 1])
  })

  it('refuses a limit that is none', async () => {
    await expect(computeEngineOpinion({ seconds: 0 })).rejects.toMatchObject({ code: 'invalid-argument' })
  })
})
