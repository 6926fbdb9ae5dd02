import { compareAnswers } from '@posttrain/math-verifier'
import { median } from './median.js'

/** Pairs of each sort, equal and different. */
const sorts: Readonly<Record<string, readonly (readonly [reference: string, answer: string])[]>> = {
  integers: [
    ['17', '17'],
    ['17', '71'],
    ['1234', '1,234'],
  ],
  fractions: [
    ['\\frac{3}{4}', '0.75'],
    ['\\frac{1}{3}', '0.33'],
  ],
  quantities: [
    ['12\\text{ cm}', '12'],
    ['\\$5', '5 dollars'],
  ],
  tuples: [
    ['(1,2)', '(1, 2)'],
    ['[0,1)', '[0,2)'],
  ],
  radicals: [
    ['2\\sqrt{3}', '\\sqrt{12}'],
    ['\\frac{1}{\\sqrt2}', '\\frac{\\sqrt2}{2}'],
  ],
  expressions: [
    ['x^2-1', '(x-1)(x+1)'],
    ['2(x+3)', '2x+6'],
  ],
}

const ROUNDS = 11
const REPEATS = 500

/** Prints, for each sort of pair, the median time of a comparison in µs, and how many there are in a second. */
export function run(): Promise<void> {
  for (const [bench, pairs] of Object.entries(sorts)) {
    const times = Array.from({ length: ROUNDS }, () => {
      const start = process.cpuUsage()
      for (let k = 0; k < REPEATS; k++) for (const [reference, answer] of pairs) compareAnswers(reference, answer)
      const { user, system } = process.cpuUsage(start)
      return (user + system) / REPEATS / pairs.length
    })
    const ours = median(times)
    const line = {
      bench: `math-verifier ${bench}`,
      ours,
      unit: 'µs of CPU per pair',
      per_second: Math.round(1e6 / ours),
    }
    process.stdout.write(`${JSON.stringify(line)}\n`)
  }
  return Promise.resolve()
}
