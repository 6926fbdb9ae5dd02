import { createStream, shuffled, type Task } from '@posttrain/core'
import { multiplicationPrompt } from './grammar.js'

/** A factor of three digits and one of two. */
export interface Problem {
  readonly x: number
  readonly y: number
}

const HELD_OUT = 300
const VALIDATION = 200
const SPLIT_SEED = 7

/** All 81,000 products of a three-digit and a two-digit number, divided once and for all. */
export function splitProblems(): Readonly<Record<'train' | 'validation' | 'heldOut', readonly Problem[]>> {
  const problems: Problem[] = []
  for (let x = 100; x <= 999; x++) for (let y = 10; y <= 99; y++) problems.push({ x, y })
  const order = shuffled(problems, createStream(SPLIT_SEED, 'splits'))
  return {
    heldOut: order.slice(0, HELD_OUT),
    validation: order.slice(HELD_OUT, HELD_OUT + VALIDATION),
    train: order.slice(HELD_OUT + VALIDATION),
  }
}

/** One task per problem. */
export const problemTasks = (problems: readonly Problem[], split: string): Task[] =>
  problems.map(({ x, y }) => ({
    id: `${x} × ${y}`,
    prompt: multiplicationPrompt(x, y),
    tags: { split },
  }))
