import { invalidData } from '@posttrain/core'

/** A puzzle: make the target from the numbers, using each once. */
export interface Game24Puzzle {
  readonly target: number
  readonly numbers: readonly number[]
}

/** The prompt of a puzzle: `24 : 4 9 10 13`. */
export const writePrompt = (numbers: readonly number[], target = 24): string => `${target} : ${numbers.join(' ')}`

/**
 * Reads what `writePrompt` writes: target, colon, numbers.
 *
 * @throws PosttrainError `invalid-data` for any other prompt
 */
export function parsePrompt(prompt: string): Game24Puzzle {
  const match = /^(\d+) :((?: \d+)+)$/.exec(prompt.trim())
  if (match === null) {
    throw invalidData(
      `${JSON.stringify(prompt)} is not a puzzle`,
      "write the target, a colon and the numbers with single spaces between them, for instance '24 : 4 9 10 13'",
    )
  }
  return { target: Number(match[1]), numbers: match[2]!.trim().split(' ').map(Number) }
}
