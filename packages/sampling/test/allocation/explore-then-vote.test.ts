import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { requestId, type BudgetRules, type Task } from '@posttrain/core'
import { betaLead } from '@posttrain/estimators'
import { exploreThenVote } from '@posttrain/sampling'
import { coins, decisionsOf, spent, tasksOf } from '../support/coins.js'
import { scriptedSampler, task } from '../support/scripted-sampler.js'

const scripted = (script: Readonly<Record<string, string>>) =>
  scriptedSampler(Object.fromEntries(Object.entries(script).map(([id, letters]) => [id, [...letters]])))

describe('exploring, then voting', () => {
  it('spends on the vote that is least decided, until it has its most', async () => {
    const sampler = scripted({ sure: 'aaaaaaaa', torn: 'abababab' })
    const decisions = await decisionsOf(
      exploreThenVote({ budget: 12, most: 6, ties: 'first' }),
      [task('sure'), task('torn')],
      {},
      sampler,
    )
    expect(decisions.get('torn')).toMatchObject({
      answer: 'a',
      stopped: 'complete',
      reason: '3 of 6 samples answered a, seen first of 2 tied answers',
    })
    expect(decisions.get('sure')).toMatchObject({ stopped: 'decided', reason: '4 of 4 samples answered a' })
    // Two of each; four more of the one that ties; then the other.
    expect(sampler.requests.map(({ task: { id }, firstIndex }) => `${id} ${firstIndex}`)).toEqual(
      ['sure 0', 'torn 0', 'sure 1', 'torn 1', 'torn 2', 'torn 3', 'torn 4', 'torn 5', 'sure 2', 'sure 3'], // prettier-ignore
    )
  })

  it('ends with the budget, and says so', async () => {
    const sampler = scripted({ sure: 'aaaa', torn: 'abab', mute: '!' })
    const tasks = [task('sure'), task('torn'), task('mute')]
    const decisions = await decisionsOf(exploreThenVote({ budget: 11, ties: 'strict' }), tasks, {}, sampler)
    // A tie and a task without answers are equally undecided; after its third vote the tie is none, and the mute gets the rest.
    expect([...decisions.values()].map(({ taskId, samples }) => [taskId, samples.length])).toEqual([
      ['sure', 2],
      ['torn', 3],
      ['mute', 6],
    ])
    expect(decisions.get('sure')).toMatchObject({
      answer: 'a',
      stopped: 'capped',
      reason: '2 of 2 samples answered a; the 11 samples of all tasks ended it',
    })
    expect(decisions.get('mute')).toMatchObject({ answer: undefined, sample: undefined, stopped: 'capped' })
    expect(decisions.get('mute')!.reason).toContain('none of 6 samples has an answer')
  })

  it('picks among tied answers by the seed and the name of the run', async () => {
    const tied = async (seed: number, name?: number): Promise<string> => {
      const idOf = name === undefined ? undefined : ({ id }: Task): string => requestId(id, 'run', name)
      const allocation = exploreThenVote({ budget: 2 })
      const decisions = await decisionsOf(allocation, [task('t')], { seed, idOf }, scripted({ t: 'ab' }))
      return decisions.get('t')!.answer!
    }
    const runs = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
    expect(new Set(await Promise.all(runs.map((seed) => tied(seed)))).size).toBe(2)
    expect(new Set(await Promise.all(runs.map((name) => tied(0, name)))).size).toBe(2)
    expect(new Set(await Promise.all(runs.map(() => tied(3, 3)))).size).toBe(1)
  })

  it('gives each run samples of its own', async () => {
    const sampler = scripted({ a: 'x', b: 'y' })
    const idOf = ({ id }: Task): string => requestId(id, 'run', 2)
    await decisionsOf(exploreThenVote({ budget: 4 }), [task('a'), task('b')], { idOf }, sampler)
    expect(new Set(sampler.requests.map(({ id }) => id))).toEqual(new Set(['["a","run",2]', '["b","run",2]']))
    const wrong = decisionsOf(exploreThenVote({ budget: 4 }), [task('a')], { idOf: () => 4 as never })
    await expect(wrong).rejects.toThrow('idOf on task a is 4')
  })
})

/** Votes for and against the right answer of one task. */
type Votes = readonly [right: number, wrong: number]

/** The expected number of right answers of two tasks, by the rule as it is written down, over what samples may say. */
function expectedRight(rates: Votes, { budget, explore, most, threshold }: Record<string, number>): number {
  const lead = ([right, wrong]: Votes): number => betaLead(Math.max(right, wrong), Math.min(right, wrong))
  const after = (tasks: readonly Votes[], left: number): number => {
    const open = tasks.filter((votes) => lead(votes) < threshold! && votes[0] + votes[1] < most!)
    const least = Math.min(...open.map(lead))
    const exploring = open.filter(([right, wrong]) => right + wrong < explore!)
    const next = (exploring.length > 0 ? exploring : open.filter((votes) => lead(votes) <= least + 1e-12)).slice(
      0,
      left,
    )
    if (next.length === 0) return tasks.filter(([right, wrong]) => right > wrong).length
    return draw(tasks, next.map((votes) => tasks.indexOf(votes)), left) // prettier-ignore
  }
  const draw = (tasks: readonly Votes[], places: readonly number[], left: number): number => {
    const [place, ...others] = places
    if (place === undefined) return after(tasks, left)
    const [right, wrong] = tasks[place]!
    const then = (votes: Votes): number => draw(tasks.map((old, i) => (i === place ? votes : old)), others, left - 1) // prettier-ignore
    return rates[place]! * then([right + 1, wrong]) + (1 - rates[place]!) * then([right, wrong + 1])
  }
  return after([[0, 0], [0, 0]], budget!) // prettier-ignore
}

describe('known rates', () => {
  it.each([
    { rates: [0.95, 0.7] as const, budget: 6, explore: 1, most: 5, threshold: 0.95 },
    { rates: [0.9, 0.6] as const, budget: 7, explore: 2, most: 5, threshold: 0.7 },
    { rates: [0.8, 0.2] as const, budget: 8, explore: 2, most: 4, threshold: 0.9 },
  ])('$rates: what is right is what the rule comes to, over all samples', async ({ rates, ...rule }) => {
    const { most } = rule
    const scripts = Array.from({ length: 2 ** most }, (_, bits) =>
      Array.from({ length: most }, (__, i) => ((bits >> i) & 1 ? 'A' : 'B')),
    )
    const chance = (texts: readonly string[], rate: number): number =>
      texts.reduce((product, text) => product * (text === 'A' ? rate : 1 - rate), 1)
    let right = 0
    for (const a of scripts) {
      for (const b of scripts) {
        const allocation = exploreThenVote({ ...rule, ties: 'strict' })
        const decisions = await decisionsOf(allocation, [task('a'), task('b')], {}, scriptedSampler({ a, b }))
        const count = [...decisions.values()].filter(({ answer }) => answer === 'A').length
        right += count * chance(a, rates[0]) * chance(b, rates[1])
      }
    }
    expect(right).toBeCloseTo(expectedRight(rates, rule), 12)
  })

  // Votes find what is most frequent. Where that is wrong more of them find it more surely.
  it.each([
    { of: [0.95, 0.95, 0.65], right: 1144, better: true },
    { of: [0.75], right: 1118, better: true },
    { of: [0.9, 0.3], right: 657, better: false },
  ])('$of: against a vote of five on each at the same budget', async ({ of, right, better }) => {
    const rates = Array.from({ length: 60 }, (_, i) => of[i % of.length]!)
    let found = 0
    for (let seed = 0; seed < 20; seed++) {
      const decisions = await decisionsOf(exploreThenVote({ budget: 300 }), tasksOf(...rates), { seed })
      found += [...decisions.values()].filter(({ answer }) => answer === 'yes').length
    }
    expect(found).toBe(right) // of 1200
    const majority = (p: number): number => p ** 3 * (10 * (1 - p) ** 2 + 5 * p * (1 - p) + p * p)
    const uniform = rates.map(majority)
    const mean = 20 * uniform.reduce((sum, p) => sum + p, 0)
    const deviation = Math.sqrt(20 * uniform.reduce((sum, p) => sum + p * (1 - p), 0))
    expect(((found - mean) / deviation) * (better ? 1 : -1)).toBeGreaterThan(3)
  })
})

describe('whatever tasks, rules and answers', () => {
  const amount = fc.record({ samples: fc.integer({ min: 1, max: 9 }) }, { requiredKeys: [] })
  const rules = fc.record({ cap: amount, always: fc.constantFrom({}, { kind: ['hard'] }) }, { requiredKeys: [] })

  it('keeps budget, rules and most, decides every task once, and answers with the plurality', async () => {
    const rates = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 10 })
    const numbers = fc.record({ more: fc.nat({ max: 60 }), floor: fc.integer({ min: 0, max: 4 }), seed: fc.nat() })
    await fc.assert(
      fc.asyncProperty(rates, rules, numbers, async (all, { cap, always }, { more, floor, seed }) => {
        const tasks = tasksOf(...all)
        const least = Math.min(floor, cap?.samples ?? Infinity)
        const kept: BudgetRules = { cap, always, floor: { samples: least } }
        const budget = Math.max(2, least) * tasks.length + more
        const decisions = await decisionsOf(exploreThenVote({ budget, most: 12 }), tasks, { seed, rules: kept })
        expect([...decisions.keys()].sort()).toEqual(tasks.map(({ id }) => id).sort())
        expect(spent(decisions)).toBeLessThanOrEqual(budget)
        for (const { samples, answer, stopped, sample } of decisions.values()) {
          expect(samples.length).toBeLessThanOrEqual(Math.min(12, cap?.samples ?? 12))
          expect(samples.length).toBeGreaterThanOrEqual(least)
          const yes = samples.filter(({ text }) => text === 'yes').length
          if (2 * yes !== samples.length) expect(answer).toBe(2 * yes > samples.length ? 'yes' : 'no')
          expect(sample!.text).toBe(answer)
          const lead = betaLead(Math.max(yes, samples.length - yes), Math.min(yes, samples.length - yes))
          if (stopped === 'decided') expect(lead).toBeGreaterThanOrEqual(0.95)
          if (stopped === 'capped' && cap?.samples !== samples.length) expect(spent(decisions)).toBe(budget)
        }
      }),
      { numRuns: 100 },
    )
  })

  it('does not depend on which answer arrives first', async () => {
    const tasks = tasksOf(0.1, 0.9, 0.5, 0.55, 0.5, 0.4)
    const allocation = exploreThenVote({ budget: 40 })
    const [one, other] = [await decisionsOf(allocation, tasks), await decisionsOf(allocation, tasks, {}, coins(true))]
    expect([...other]).toEqual([...one])
  })

  it('gives tagged tasks the full budget first, and a floor to those that agree', async () => {
    const run = { rules: { always: { kind: ['hard'] }, floor: { samples: 6 } } }
    const decisions = await decisionsOf(exploreThenVote({ budget: 60, most: 20 }), tasksOf(0, 1, 1), run)
    expect([...decisions.values()].map(({ samples, stopped }) => [samples.length, stopped])).toEqual([
      [6, 'decided'],
      [6, 'decided'],
      [20, 'complete'],
    ])
  })
})

it.each([
  [{ budget: 0 }, 'budget'],
  [{ most: 0 }, 'most'],
  [{ explore: 5, most: 4 }, 'explore'],
  [{ threshold: 0.5 }, 'threshold'],
  [{ ties: 'all' as never }, 'ties'],
  [{ unparsed: 'no' as never }, 'unparsed'],
])('is not made with %j', (options, message) => {
  expect(() => exploreThenVote({ budget: 40, ...options })).toThrow(message)
})

it('refuses a budget that does not cover what every task gets, before anything is drawn', async () => {
  const sampler = scripted({ a: 'x', b: 'y' })
  const short = decisionsOf(exploreThenVote({ budget: 3 }), [task('a'), task('b')], {}, sampler)
  await expect(short).rejects.toThrow('2 tasks get 2 samples each in any case, but the budget is 3')
  await expect(decisionsOf(exploreThenVote({ budget: 3 }), [], {}, sampler)).rejects.toThrow('tasks is empty')
  expect(sampler.requests).toEqual([])
})
