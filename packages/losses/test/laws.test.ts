import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ConstantName, LossConstants, TokenCotangents, TokenScores } from '@posttrain/core'
import * as losses from '@posttrain/losses'
import { batches, type Batch } from './support/batch.js'
import { batchFor, rows } from './support/rows.js'

type BatchScore = keyof Batch['scores'][number]

const names: readonly BatchScore[] = ['logprob', 'entropy', 'klToReference', 'value']
const settings = { numRuns: 25 }

const titled = rows.map((row, i) => [`${i + 1}: ${row.loss.name}`, row] as const)

/** The cotangents of a loss, 0 where it gives none. */
const flat = (row: (typeof rows)[number], { scores, constants }: Batch): number[] => {
  const { cotangents } = row.loss.evaluate(scores, constants)
  return scores.flatMap(({ logprob }, i) =>
    names.flatMap((name) => Array.from(logprob, (_, t) => cotangents[i]![name]?.[t] ?? 0)),
  )
}

/** The largest difference of two lists. */
const largestError = (actual: readonly number[], expected: readonly number[]): number => {
  expect(actual).toHaveLength(expected.length)
  return actual.reduce((largest, x, i) => Math.max(largest, Math.abs(x - expected[i]!)), 0)
}

/** The magnitude that errors are relative to: at least 1. */
const size = (values: readonly number[], ...others: readonly number[]): number =>
  [...values, ...others].reduce((largest, x) => Math.max(largest, Math.abs(x)), 1)

const moved = (scores: Batch['scores'], at: number, name: BatchScore, t: number, change: number): Batch['scores'] =>
  scores.map((score, i) =>
    i === at ? { ...score, [name]: score[name].map((x, u) => (u === t ? x + change : x)) } : score,
  )

describe.each(titled)('%s', (_, row) => {
  const { loss } = row

  it('has cotangents that equal central differences', () => {
    fc.assert(
      fc.property(batches, (drawn) => {
        const batch = batchFor(row, drawn)
        fc.pre(row.smooth?.(batch) ?? true)
        const value = row.frozen?.(batch) ?? (({ scores, constants }: Batch) => loss.evaluate(scores, constants).value)
        const h = 1e-5
        const differences = batch.scores.flatMap((score, i) =>
          names.flatMap((name) =>
            Array.from(score[name], (__, t) => {
              const at = (change: number): number =>
                value({ scores: moved(batch.scores, i, name, t, change), constants: batch.constants })
              return (at(h) - at(-h)) / (2 * h)
            }),
          ),
        )
        // h²/6 of third derivatives, and the rounding of values over h: both grow with the values, up to 1e4 for a
        // product of ratios.
        expect(largestError(flat(row, batch), differences)).toBeLessThan(1e-7 * size(differences, value(batch)))
      }),
      settings,
    )
  })

  it('differentiates what it says, and nothing else', () => {
    fc.assert(
      fc.property(batches, (drawn) => {
        const { scores, constants } = batchFor(row, drawn)
        const { cotangents } = loss.evaluate(scores, constants)
        expect(cotangents).toHaveLength(scores.length)
        const used = new Set(cotangents.flatMap((c) => Object.keys(c)))
        expect(loss.differentiates).toEqual(expect.arrayContaining([...used]))
        cotangents.forEach((c, i) =>
          Object.values(c).forEach((slopes) => expect(slopes).toHaveLength(scores[i]!.logprob.length)),
        )
      }),
      settings,
    )
  })

  it('sees the scores and constants that it names, and none beside them', () => {
    const constantsNamed = ['weight', ...loss.reads, ...(row.optional ?? [])]
    const only = (names: readonly string[], of: object) =>
      Object.fromEntries(Object.entries(of).filter(([name]) => names.includes(name)))
    fc.assert(
      fc.property(batches, (drawn) => {
        const { scores, constants } = batchFor(row, drawn)
        const bare = constants.map((own) => only(constantsNamed, own) as unknown as LossConstants)
        const scoresNamed = scores.map((score): TokenScores => only(loss.differentiates, score))
        expect(loss.evaluate(scoresNamed, bare)).toEqual(loss.evaluate(scores, constants))
      }),
      settings,
    )
  })

  it('does without no constant that it reads', () => {
    const [drawn] = fc.sample(batches, { numRuns: 1, seed: 1 })
    const { scores, constants } = batchFor(row, drawn!)
    const without = (name: ConstantName) => constants.map((own) => ({ ...own, [name]: undefined }))
    for (const name of loss.reads) expect(() => loss.evaluate(scores, without(name))).toThrow(name)
    for (const name of row.optional ?? []) expect(loss.evaluate(scores, without(name)).value).toBeTypeOf('number')
  })

  it('does not see the order of its sequences or pairs', () => {
    fc.assert(
      fc.property(batches, fc.infiniteStream(fc.double({ noNaN: true })), (drawn, keys) => {
        const batch = batchFor(row, drawn)
        const width = loss.pairs ? 2 : 1
        const order = Array.from({ length: batch.scores.length / width }, (__, i) => ({
          i,
          key: keys.next().value as number,
        }))
          .sort((a, b) => a.key - b.key)
          .flatMap(({ i }) => Array.from({ length: width }, (___, j) => i * width + j))
        const pick = <T>(all: readonly T[]): T[] => order.map((i) => all[i]!)
        const before = loss.evaluate(batch.scores, batch.constants)
        const after = loss.evaluate(pick(batch.scores), pick(batch.constants))
        // Sums in another order; the reference point of KTO is a sum too.
        expect(Math.abs(after.value - before.value)).toBeLessThan(1e-12 * size(flat(row, batch), before.value))
        const expected = pick(before.cotangents)
        const slopes = (cotangents: readonly TokenCotangents[]) =>
          cotangents.flatMap((c) => Object.values(c).flatMap((x) => [...(x ?? [])]))
        expect(largestError(slopes(after.cotangents), slopes(expected))).toBeLessThan(1e-12 * size(slopes(expected)))
      }),
      settings,
    )
  })

  it('is proportional to its weights', () => {
    fc.assert(
      fc.property(batches, fc.constantFrom(0, 0.5, 4), (drawn, factor) => {
        const batch = batchFor(row, drawn)
        const scaled = batch.constants.map((own) => ({ ...own, weight: factor * own.weight }))
        const before = loss.evaluate(batch.scores, batch.constants)
        const expected = flat(row, batch).map((slope) => factor * slope)
        // A power of two changes no rounding but that of subnormal numbers, and 0 gives 0.
        expect(Math.abs(loss.evaluate(batch.scores, scaled).value - factor * before.value)).toBeLessThan(1e-300)
        expect(largestError(flat(row, { ...batch, constants: scaled }), expected)).toBeLessThan(1e-300)
      }),
      settings,
    )
  })

  it('keeps its word about advantage 0', () => {
    let vanished = true
    fc.assert(
      fc.property(batches, (drawn) => {
        const { scores, constants } = batchFor(row, drawn)
        const without = constants.map((own) => ({ ...own, advantage: 0 }))
        vanished &&=
          loss.evaluate(scores, without).value === 0 && flat(row, { scores, constants: without }).every((x) => x === 0)
      }),
      settings,
    )
    // Labels of KTO are no advantages: 0 takes part in the reference point.
    if (!row.labelled) expect(vanished).toBe(loss.vanishesAtZeroAdvantage ?? false)
    else expect(loss.vanishesAtZeroAdvantage).toBeUndefined()
  })

  it('of an empty batch is 0', () => {
    const { value, cotangents, metrics } = loss.evaluate([], [])
    expect([value, cotangents]).toEqual([0, []])
    expect(Object.values(metrics).every(Number.isFinite)).toBe(true)
  })
})

describe('the table', () => {
  it('holds every loss that is exported', () => {
    const table = readFileSync(new URL('./support/rows.ts', import.meta.url), 'utf8')
    const exported = Object.keys(losses).filter((name) => /Loss$|Bonus$/.test(name))
    expect(exported.length).toBeGreaterThan(15)
    expect(exported.filter((name) => !table.includes(` ${name}(`))).toEqual([])
  })
})
