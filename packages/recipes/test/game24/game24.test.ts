import { existsSync, readFileSync } from 'node:fs'
import { createStream, textPrompt, type Task } from '@posttrain/core'
import { createRecipe } from '@posttrain/recipes'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { randomWalk } from '../../src/game24/pretraining-data.js'
import { PUBLISHED_PUZZLES, GPT4_COUNTS } from '../../src/game24/published.js'
import { allPuzzles, nameOf, splitPuzzles } from '../../src/game24/puzzles.js'
import { solutions } from '../../src/game24/steps.js'
import { writeTrace } from '../../src/game24/trace.js'
import { verifyTrace } from '../../src/game24/verify-trace.js'

const recipe = createRecipe('game24')
const splits = splitPuzzles()
const numbersOf = (prompt: string): number[] => prompt.split(' : ')[1]!.split(' ').map(Number)
const multisets = (tasks: readonly Task[]): Set<string> =>
  new Set(tasks.map((task) => nameOf(numbersOf(textPrompt(task)))))

describe('the puzzles', () => {
  it('are the 1,362 multisets that can make 24', () => {
    const all = allPuzzles()
    expect(all).toHaveLength(1362)
    expect(new Set(all.map(nameOf)).size).toBe(1362)
  })

  const list = '../shared/data/tot_game24/24.csv'
  it.skipIf(!existsSync(list))(`equal the published list (${list}, skipped without it)`, () => {
    const rows = readFileSync(list, 'utf8').trim().split(/\r?\n/)
    const column = rows[0]!.split(',').indexOf('Puzzles')
    const puzzles = rows.slice(1).map((row) => row.split(',')[column]!)
    expect(new Set(puzzles.map((p) => nameOf(p.split(' ').map(Number))))).toEqual(new Set(allPuzzles().map(nameOf)))
    expect(puzzles.slice(900, 1000)).toEqual(PUBLISHED_PUZZLES)
  })

  it('have the GPT-4 counts that give the published pass@1 and pass@100', () => {
    const [plain, chain] = GPT4_COUNTS.map(({ correct }) => correct)
    const passAt1 = (correct: readonly number[]): number => correct.reduce((a, b) => a + b) / 10_000
    const passAt100 = (correct: readonly number[]): number => correct.filter((c) => c > 0).length / 100
    expect([passAt1(plain!), passAt100(plain!), passAt1(chain!), passAt100(chain!)]).toEqual([
      0.0734, 0.33, 0.0403, 0.49,
    ])
  })
})

describe('the splits', () => {
  it('are disjoint multisets: 260 held out with the published 100 first, 100 for validation, 1,002 for training', () => {
    expect([splits.heldOut.length, splits.validation.length, splits.train.length]).toEqual([260, 100, 1002])
    expect(splits.heldOut.slice(0, 100).map(nameOf)).toEqual(PUBLISHED_PUZZLES)
    expect(new Set([...splits.heldOut, ...splits.validation, ...splits.train].map(nameOf)).size).toBe(1362)
  })

  it('keep every reordering of a held-out or validation puzzle out of reinforcement', () => {
    const train = multisets(recipe.tasks.train)
    for (const reserved of [...multisets(recipe.tasks.heldOut), ...multisets(recipe.tasks.validation)]) {
      expect(train.has(reserved)).toBe(false)
    }
    expect(train.size).toBe(1002)
  })

  it('keep them out of 20,000 pretraining examples, auxiliary walks included', () => {
    const reserved = new Set([...multisets(recipe.tasks.heldOut), ...multisets(recipe.tasks.validation)])
    const batch = recipe.pretrainingBatches(1000, 5)
    let targets24 = 0
    for (let step = 0; step < 20; step++) {
      for (const { prompt, tokens } of batch(step)) {
        expect(reserved.has(nameOf(numbersOf(prompt)))).toBe(false)
        const target = Number(prompt.split(' ')[0])
        targets24 += target === 24 ? 1 : 0
        const { correct, reason } = verifyTrace(recipe.tokenizer.decode(tokens), numbersOf(prompt), target)
        expect(correct, `${prompt}: ${reason}`).toBe(true)
      }
    }
    expect(targets24).toBe(20 * 200)
  })

  it('would notice: a random walk does meet reserved multisets when they are not reserved', () => {
    const reserved = new Set(splits.heldOut.map(nameOf))
    const stream = createStream(1)
    const walks = Array.from({ length: 2000 }, () => nameOf(randomWalk(new Set(), stream).numbers))
    expect(walks.some((name) => reserved.has(name))).toBe(true)
  })
})

describe('solutions', () => {
  it('are accepted by the verifier, all of them, for any puzzle', () => {
    fc.assert(
      fc.property(fc.constantFrom(...allPuzzles()), (puzzle) => {
        for (const steps of solutions(puzzle)) expect(verifyTrace(writeTrace(steps), puzzle).correct).toBe(true)
      }),
      { numRuns: 100 },
    )
  })

  it('exist within numbers up to 30 for 1,276 puzzles', () => {
    expect(allPuzzles().filter((puzzle) => solutions(puzzle).length > 0)).toHaveLength(1276)
  })
})
