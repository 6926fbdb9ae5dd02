import { createStream, shuffled, type Task } from '@posttrain/core'
import { writePrompt } from './prompt.js'
import { PUBLISHED_PUZZLES } from './published.js'

/** Four numbers from 1 to 13 in ascending order. */
export type Puzzle = readonly [number, number, number, number]

/**
 * A fraction as numerator and denominator, small enough for exact machine integers throughout a puzzle: a hundred times
 * as fast as the big ones of `@posttrain/rewards`, which verify.
 */
type Fraction = readonly [number, number]

function reaches(numbers: readonly Fraction[], target: number): boolean {
  if (numbers.length === 1) return numbers[0]![0] === target * numbers[0]![1]
  for (let i = 0; i < numbers.length; i++) {
    for (let j = 0; j < numbers.length; j++) {
      if (i === j) continue
      const [p, q] = numbers[i]!
      const [r, s] = numbers[j]!
      const results: Fraction[] = [[p * s - r * q, q * s]]
      if (i < j) results.push([p * s + r * q, q * s], [p * r, q * s])
      if (r !== 0) results.push([p * s, q * r])
      const rest = numbers.filter((_, at) => at !== i && at !== j)
      if (results.some((result) => reaches([...rest, result], target))) return true
    }
  }
  return false
}

/** Every multiset of four numbers from 1 to 13 that can make 24: the 1,362 puzzles. */
export function allPuzzles(): Puzzle[] {
  const puzzles: Puzzle[] = []
  for (let a = 1; a <= 13; a++)
    for (let b = a; b <= 13; b++)
      for (let c = b; c <= 13; c++)
        for (let d = c; d <= 13; d++) {
          const asFractions = [a, b, c, d].map((x): Fraction => [x, 1])
          if (reaches(asFractions, 24)) puzzles.push([a, b, c, d])
        }
  return puzzles
}

/** A puzzle's name: its numbers in ascending order. */
export const nameOf = (numbers: readonly number[]): string => [...numbers].sort((a, b) => a - b).join(' ')

/** Which puzzles serve what. */
export interface Splits {
  readonly train: readonly Puzzle[]
  /** For choices: steps, rates, checkpoints. */
  readonly validation: readonly Puzzle[]
  /** For reporting alone: the published 100, then 160 others. */
  readonly heldOut: readonly Puzzle[]
}

const OTHER_HELD_OUT = 160
const VALIDATION = 100
const SPLIT_SEED = 24

/** The fixed splits. A puzzle is a multiset, so no reordering of a held-out puzzle is in another split. */
export function splitPuzzles(): Splits {
  const published = new Set(PUBLISHED_PUZZLES)
  const others = shuffled(
    allPuzzles().filter((puzzle) => !published.has(nameOf(puzzle))),
    createStream(SPLIT_SEED, 'splits'),
  )
  const parse = (name: string): Puzzle => name.split(' ').map(Number) as unknown as Puzzle
  return {
    heldOut: [...PUBLISHED_PUZZLES.map(parse), ...others.slice(0, OTHER_HELD_OUT)],
    validation: others.slice(OTHER_HELD_OUT, OTHER_HELD_OUT + VALIDATION),
    train: others.slice(OTHER_HELD_OUT + VALIDATION),
  }
}

/** One task per puzzle, its numbers in ascending order. */
export const puzzleTasks = (puzzles: readonly Puzzle[], split: string): Task[] =>
  puzzles.map((puzzle) => ({ id: nameOf(puzzle), prompt: writePrompt(puzzle), tags: { split } }))

/** Several tasks per puzzle, each with its numbers in another random order. */
export const reorderedTasks = (puzzles: readonly Puzzle[], orders: number, split: string): Task[] =>
  puzzles.flatMap((puzzle) =>
    Array.from({ length: orders }, (_, i) => ({
      id: `${nameOf(puzzle)} (order ${i})`,
      prompt: writePrompt(shuffled(puzzle, createStream(SPLIT_SEED, 'order', nameOf(puzzle), i))),
      tags: { split },
    })),
  )
