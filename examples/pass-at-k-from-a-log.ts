// pass@k, a majority vote and a paired comparison from a log you have: JSON Lines with a row per sample or per task, plain or
// gzip. answers.jsonl holds 8 answers each of two models to 100 puzzles of Game of 24.
import { compareLogs, evaluateLog, readLog } from '@posttrain/logs'

const file = new URL('answers.jsonl', import.meta.url).pathname
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`
const interval = ({ lower, upper }: { lower: number; upper: number }): string =>
  `[${percent(lower)}, ${percent(upper)}]`

const [mean, passAt8] = await Promise.all(
  ['mean', 'pass@8'].map((system) => readLog(file, { where: { system }, keepAnswers: true })),
)
for (const [name, log] of [
  ['trained for mean reward', mean!],
  ['trained for pass@8', passAt8!],
] as const) {
  // Every number is over all groups of k among the samples, and its interval is over tasks.
  const { measured } = evaluateLog(log, { objectives: ['pass@1', 'pass@8', 'maj@8'] })
  for (const { estimate } of measured) {
    console.log(
      `${name}: ${estimate.name} ${percent(estimate.value)} ${interval(estimate.interval)}, ${estimate.tasks} tasks`,
    )
  }
}

// The same tasks, so the difference is paired: much sharper than the distance of two intervals.
for (const objective of ['pass@1', 'pass@8']) {
  const { difference, interval: of, pValue, pValueMethod } = compareLogs(mean!, passAt8!, { objective }).difference
  const p = `p ${pValueMethod === 'monte-carlo' ? '≤' : '='} ${pValue.toFixed(4)}`
  console.log(`${objective}: ${percent(difference)} ${interval(of)}, ${p}`)
}
