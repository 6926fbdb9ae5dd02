import { adaptiveVote, confidentVote, firstPassing, majorityVote, sequentialVoting } from '@posttrain/sampling'
import type { Task } from '@posttrain/core'
import { describe, expect, it } from 'vitest'
import { exactRuns, expected, meanSamples, probabilityOf } from '../support/exact-runs.js'
import { exactRunsByState } from '../support/exact-runs-by-state.js'
import { numeric, scriptedSampler, task } from '../support/scripted-sampler.js'
import vectors from '../vectors/votes-and-budgets.json' with { type: 'json' }

/** Answers a, b, c and so on with these probabilities. */
const answering = (probabilities: readonly number[]): Record<string, number> =>
  Object.fromEntries(probabilities.map((p, i) => ['abcdefgh'[i]!, p]))
const run = (procedure: ReturnType<typeof adaptiveVote>, texts: string) =>
  procedure.run(scriptedSampler({ t: [...texts] }), task('t'))

describe('adaptiveVote', () => {
  it('stops at the fourth of four votes of one accord, not at the third, which is 0.9375', async () => {
    expect(await run(adaptiveVote(), 'aaaaaa')).toMatchObject({
      answer: 'a',
      stopped: 'decided',
      reason: '4 of 4 samples answered a',
    })
    const three = await run(adaptiveVote({ threshold: 0.9375 }), 'aaaaaa')
    expect(three.samples).toHaveLength(3)
    expect((await run(adaptiveVote({ criterion: 'dirichlet' }), 'abaaaa')).samples).toHaveLength(7)
  })

  // A cap of 10 has some hundred runs; those of 20 and 40 are too many to write out.
  it.each(vectors.adaptiveBeta.filter(({ most }) => most <= 10))(
    '$name: accuracy, samples and when it stops are exact',
    async ({ probabilities, most, accuracy, samples, stops }) => {
      const runs = await exactRuns(adaptiveVote({ most }), answering(probabilities), most)
      expect(probabilityOf(runs, 'a')).toBeCloseTo(accuracy, 10)
      expect(meanSamples(runs)).toBeCloseTo(samples, 10)
      for (const [n, probability] of stops) {
        expect(expected(runs, (decision) => Number(decision.samples.length === n))).toBeCloseTo(probability!, 10)
      }
    },
  )

  // Those of 20 and 40 are merged where votes stand alike: some thousand states, each decided by a run.
  it.each(vectors.adaptiveBeta.filter(({ most }) => most > 10))(
    '$name: accuracy, samples and when it stops are exact, state by state',
    async ({ probabilities, most, accuracy, samples, stops }) => {
      const runs = await exactRunsByState(adaptiveVote({ most }), answering(probabilities), most)
      expect(runs.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 12)
      expect(probabilityOf(runs, 'a')).toBeCloseTo(accuracy, 10)
      expect(meanSamples(runs)).toBeCloseTo(samples, 10)
      for (const [n, probability] of stops) {
        expect(expected(runs, (decision) => Number(decision.samples.length === n))).toBeCloseTo(probability!, 10)
      }
    },
  )

  it('is the same merged and written out', async () => {
    const answers = { a: 0.5, b: 0.3, c: 0.2 }
    const [all, merged] = [exactRuns, exactRunsByState].map((of) => of(adaptiveVote({ most: 7 }), answers, 7))
    expect(meanSamples(await merged!)).toBeCloseTo(meanSamples(await all!), 12)
    for (const answer of ['a', 'b', 'c']) {
      expect(probabilityOf(await merged!, answer)).toBeCloseTo(probabilityOf(await all!, answer), 12)
    }
  })

  it('is a plain vote where it may not stop', async () => {
    const answers = { a: 0.5, b: 0.3, '': 0.2 }
    const vote = await exactRuns(majorityVote({ k: 6 }), answers, 6)
    const late = await exactRuns(adaptiveVote({ most: 6 }), answers, 6, { rules: { floor: { samples: 6 } } })
    for (const answer of ['a', 'b', undefined]) {
      expect(probabilityOf(late, answer)).toBeCloseTo(probabilityOf(vote, answer), 12)
    }
    expect(meanSamples(late)).toBeCloseTo(6, 12)
    expect(meanSamples(await exactRuns(adaptiveVote({ most: 6 }), answers, 6))).toBeLessThan(6)
  })

  it('looks after every few samples where told, in the order of their indices', async () => {
    expect((await run(adaptiveVote({ atOnce: 3 }), 'aaabbbaaaaaa')).samples).toHaveLength(12)
    expect((await run(adaptiveVote({ atOnce: 3, most: 16 }), 'aaaaaa')).samples).toHaveLength(6)
  })

  it('abstains where nobody votes', async () => {
    expect(await run(adaptiveVote({ most: 3 }), '!!!')).toMatchObject({
      answer: undefined,
      sample: undefined,
      stopped: 'complete',
      reason: 'none of 3 samples has an answer',
    })
  })

  it.each([[{ most: 0 }], [{ atOnce: 0.5 }], [{ threshold: 0.5 }], [{ criterion: 'gamma' as 'beta' }]])(
    'refuses %j',
    (options) => {
      expect(() => adaptiveVote(options)).toThrow(Object.keys(options)[0])
    },
  )
})

describe('confidentVote', () => {
  it('looks from the warm-up on, one by one or doubling', async () => {
    const single = confidentVote({ most: 16, share: 0.75 })
    expect(await run(single, 'aaaa')).toMatchObject({ answer: 'a', stopped: 'decided' })
    expect((await run(single, 'aabaaaaa')).samples).toHaveLength(4)
    expect((await run(single, 'abbbb')).samples).toHaveLength(4)
    expect((await run(single, 'aabbbbbbbb')).samples).toHaveLength(8)
    const doubling = confidentVote({ most: 16, warmUp: 2, share: 0.75, doubling: true })
    expect((await run(doubling, 'abbb')).samples).toHaveLength(4)
    expect((await run(doubling, 'abbabbbb')).samples).toHaveLength(8)
    expect(await run(doubling, 'ab')).toMatchObject({ stopped: 'complete' })
  })

  it('counts a sample without an answer against it', async () => {
    expect((await run(confidentVote({ most: 8, warmUp: 2, share: 0.6 }), 'a!aa')).samples).toHaveLength(3)
  })

  it('has the exact accuracy and cost of its rule', async () => {
    // Of two samples that agree, otherwise the third decides; of ties at four one is picked.
    const [p, q] = [0.7, 0.3]
    const runs = await exactRuns(confidentVote({ most: 4, warmUp: 2, share: 0.75 }), { a: p, b: q }, 4)
    expect(meanSamples(runs)).toBeCloseTo(2 * (p * p + q * q) + 4 * 2 * p * q, 12)
    expect(probabilityOf(runs, 'a')).toBeCloseTo(p * p + 2 * p * q * (p * p + (2 * p * q) / 2), 12)
  })

  it.each([[{ share: 0.5 }], [{ share: 1.1 }], [{ warmUp: 0 }], [{ most: 0 }]])('refuses %j', (options) => {
    expect(() => confidentVote({ most: 8, ...options })).toThrow(Object.keys(options)[0])
  })
})

describe('sequentialVoting', () => {
  it('answers with the first answer that three give, of at most eight trials', async () => {
    expect(await run(sequentialVoting(), 'abaca')).toMatchObject({ answer: 'a', reason: '3 of 5 trials answered a' })
    expect((await run(sequentialVoting(), 'aaab')).samples).toHaveLength(3)
    expect(await run(sequentialVoting(), 'abcdefgh')).toMatchObject({ stopped: 'complete', sample: expect.anything() })
  })

  it.each(vectors.firstTo.filter(({ probabilities, atMost }) => probabilities.length ** atMost < 70_000))(
    '$name: accuracy and trials are exact',
    async ({ probabilities, needed, atMost, wins, trials, accuracy }) => {
      const runs = await exactRuns(sequentialVoting({ needed, atMost }), answering(probabilities), atMost)
      expect(probabilityOf(runs, 'a')).toBeCloseTo(accuracy, 10)
      expect(meanSamples(runs)).toBeCloseTo(trials, 10)
      const agreed = (answer: string): number =>
        expected(runs, (decision) => Number(decision.answer === answer && decision.reason.includes('trials')))
      wins.forEach((win, i) => expect(agreed('abcdefgh'[i]!)).toBeCloseTo(win, 10))
    },
  )

  it.each(vectors.firstTo.filter(({ probabilities, atMost }) => probabilities.length ** atMost >= 70_000))(
    '$name: accuracy and trials are exact, answers as likely as each other under one name',
    async ({ probabilities, needed, atMost, wins, trials, accuracy }) => {
      expect(new Set(probabilities).size).toBe(1)
      /** All answers but the first by the order in which they came. */
      const canonical = (sequence: readonly number[]): readonly number[] => {
        const names = new Map<number, number>([[0, 0]])
        return sequence.map((answer) => {
          const name = names.get(answer) ?? names.size
          names.set(answer, name)
          return name
        })
      }
      const procedure = sequentialVoting({ needed, atMost })
      const runs = await exactRunsByState(procedure, answering(probabilities), atMost, { canonical })
      expect(probabilityOf(runs, 'a')).toBeCloseTo(accuracy, 10)
      expect(meanSamples(runs)).toBeCloseTo(trials, 10)
      const agreed = (isA: boolean): number =>
        expected(runs, ({ answer, reason }) => Number((answer === 'a') === isA && reason.includes('trials')))
      expect(agreed(true)).toBeCloseTo(wins[0]!, 10)
      expect(agreed(false)).toBeCloseTo(
        wins.slice(1).reduce((sum, win) => sum + win, 0),
        10,
      )
    },
  )

  it('keeps the first consensus although a floor makes it go on', async () => {
    const decision = await sequentialVoting({ needed: 2, atMost: 8 }).run(
      scriptedSampler({ t: [...'aabbbbbb'] }),
      task('t'),
      { rules: { floor: { samples: 6 } } },
    )
    expect(decision).toMatchObject({ answer: 'a', reason: '2 of 2 trials answered a' })
    expect(decision.samples).toHaveLength(6)
  })

  it('gives an easy task one trial, and shows no reference to whoever says so', async () => {
    const isEasy = async (of: Task): Promise<boolean> => {
      expect(of).not.toHaveProperty('reference')
      return of.id === 'easy'
    }
    const voting = sequentialVoting({ isEasy })
    const sampler = scriptedSampler({ easy: ['b', 'a', 'a', 'a'], hard: ['b', 'a', 'a', 'a'] })
    const easy = await voting.run(sampler, task('easy'))
    expect([easy.answer, easy.samples.length, easy.stopped]).toEqual(['b', 1, 'decided'])
    expect((await voting.run(sampler, task('hard'))).answer).toBe('a')
    const rules = { floor: { samples: 2 } }
    expect((await voting.run(sampler, task('easy'), { rules })).samples).toHaveLength(2)
  })

  it('refuses what says neither easy nor not, and a rule without consensus', async () => {
    const voting = sequentialVoting({ isEasy: (() => 'yes') as unknown as () => boolean })
    await expect(run(voting, 'a')).rejects.toThrow('isEasy on task t is')
    expect(() => sequentialVoting({ needed: 9 })).toThrow('atMost must be')
  })
})

describe('firstPassing', () => {
  it.each(vectors.firstVerified)('$name: success and samples are exact', async ({ p, k, success, samples }) => {
    const runs = await exactRunsByState(firstPassing({ k, by: numeric }), { '1': p, '0': 1 - p }, k)
    expect(probabilityOf(runs, '1')).toBeCloseTo(success, 10)
    expect(meanSamples(runs)).toBeCloseTo(samples, 10)
  })
})
