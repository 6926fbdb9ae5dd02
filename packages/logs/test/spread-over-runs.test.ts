import { describe, expect, it } from 'vitest'
import { readLogGroups, spreadOverRuns, type LogRun } from '@posttrain/logs'

const runsOf = async (rows: readonly object[], runs = 'seed'): Promise<readonly LogRun[]> => {
  const lines = rows.map((row) => JSON.stringify(row))
  const [group] = await readLogGroups({ lines }, { groupBy: [], runs })
  return group!.runs
}

/** Three runs of four tasks, with 2, 3 and 1 right. */
const ROWS = ['1100', '1110', '0001'].flatMap((verdicts, run) =>
  [...verdicts].map((verdict, t) => ({ task_id: `t${t}`, seed: run + 7, sample: 0, reward: Number(verdict) })),
)

describe('spreadOverRuns', () => {
  it('has the metric of each run, their mean and their deviation', async () => {
    const [spread, ...others] = spreadOverRuns(await runsOf(ROWS), { objectives: ['pass@1'] })
    expect(others).toEqual([])
    expect(spread!.runs).toEqual([
      { run: '7', value: 0.5 },
      { run: '8', value: 0.75 },
      { run: '9', value: 0.25 },
    ])
    expect(spread!.mean).toBe(0.5)
    expect(spread!.deviation).toBeCloseTo(0.25, 15)
  })

  it('reads runs as samples of one log, whether or not they are numbered within a run', async () => {
    for (const [rows, runs] of [
      [ROWS, 'seed'],
      [ROWS.map(({ sample: _, ...row }) => row), 'seed'],
      [ROWS.map(({ seed: epoch, sample: _, ...row }) => ({ ...row, epoch })), 'epoch'],
      [ROWS.map(({ seed, sample: _, ...row }) => ({ ...row, run: `r${seed}` })), 'run'],
    ] as const) {
      const lines = rows.map((row) => JSON.stringify(row))
      const [group] = await readLogGroups({ lines }, { groupBy: [], runs })
      expect(group!.log.totals).toMatchObject({ samples: 12, repeated: 0 })
      expect(group!.runs.map(({ log }) => log.totals.samples)).toEqual([4, 4, 4])
    }
  })

  it('counts a row that says again what one has said once in its run too', async () => {
    const runs = await runsOf([...ROWS, ...ROWS])
    expect(runs.map(({ log }) => log.totals.samples)).toEqual([4, 4, 4])
  })

  it('passes over metrics of more samples than a run has, and refuses where none is left', async () => {
    const runs = await runsOf(ROWS)
    expect(spreadOverRuns(runs, { objectives: ['pass@1', 'pass@2', 'mean'] }).map(({ name }) => name)).toEqual([
      'pass@1',
      'mean',
    ])
    expect(() => spreadOverRuns(runs, { objectives: ['pass@2'] })).toThrow(
      'pass@2 needs 2 samples per task, but a run has 1',
    )
  })

  it('refuses one run, runs of different tasks, and rows of no run', async () => {
    const one = await runsOf(ROWS.filter(({ seed }) => seed === 7))
    expect(() => spreadOverRuns(one, { objectives: ['mean'] })).toThrow(
      'there is one run, "7", and a spread needs at least 2',
    )
    const short = await runsOf(ROWS.slice(0, -1))
    expect(() => spreadOverRuns(short, { objectives: ['mean'] })).toThrow(
      'run "9" has no sample of task "t3", which run "7" has',
    )
    const more = await runsOf([...ROWS, { task_id: 'x', seed: 9, sample: 0, reward: 1 }])
    expect(() => spreadOverRuns(more, { objectives: ['mean'] })).toThrow(
      'run "7" has no sample of task "x", which run "9" has',
    )
    await expect(runsOf([...ROWS, { task_id: 'x', reward: 1 }])).rejects.toThrow('seed must be in every row')
  })
})
