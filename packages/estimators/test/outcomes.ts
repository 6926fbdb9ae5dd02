import type { ScoredOutcome } from '@posttrain/core'

/** Outcomes with these rewards. */
export const withRewards = (...rewards: number[]): ScoredOutcome[] =>
  rewards.map((reward) => ({ kind: 'scored', reward }))

/** A vote written as letters: A is right, every other letter wrong, '-' an unparsed sample. */
export const votes = (letters: string): ScoredOutcome[] =>
  [...letters].map((answer) =>
    answer === '-' ? { kind: 'scored', reward: 0 } : { kind: 'scored', reward: answer === 'A' ? 1 : 0, answer },
  )

/** Asserts numbers one by one to a tolerance, with a readable failure. */
export function expectClose(actual: readonly number[], expected: readonly number[], tolerance: number): void {
  const wrong = actual.length !== expected.length || actual.some((a, i) => !(Math.abs(a - expected[i]!) <= tolerance))
  if (wrong) throw new Error(`expected [${expected.join(', ')}] within ${tolerance}, but got [${actual.join(', ')}]`)
}
