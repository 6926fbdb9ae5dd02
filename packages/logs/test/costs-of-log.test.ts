import { bootstrapInterval } from '@posttrain/estimators'
import { describe, expect, it } from 'vitest'
import { evaluateLog, groupsOf, readLog, readLogGroups, type LogCost, type TaskLog } from '@posttrain/logs'

const lines = (rows: readonly object[]): { lines: readonly string[] } => ({
  lines: rows.map((row) => JSON.stringify(row)),
})
const read = (rows: readonly object[], cost: readonly string[]): Promise<TaskLog> =>
  readLog(lines(rows), { fields: { cost } })
const costsOf = (log: TaskLog): readonly LogCost[] => evaluateLog(log, { objectives: ['pass@1'] }).costs

const ROWS = [
  { task_id: 'a', sample: 0, passed: true, cost: 0.25, usage: { tokens: 100 } },
  { task_id: 'a', sample: 1, passed: false, cost: 0.75, usage: { tokens: '300' } },
  { task_id: 'b', sample: 0, passed: true, cost: 0.125, usage: { tokens: null } },
  { task_id: 'b', sample: 1, passed: true, usage: {} },
  { task_id: 'c', sample: 0, passed: true, cost: 0.25 },
  { task_id: 'c', sample: 1, passed: null, cost: 0.5 },
]

describe('the costs of a log', () => {
  it('are means over tasks of those that say it, with an interval, and sums', async () => {
    const [cost, tokens] = costsOf(await read(ROWS, ['cost', 'usage.tokens']))
    const perTask = [0.5, 0.125, 0.375]
    expect(cost).toMatchObject({ field: 'cost', total: 1.875, samples: 5 })
    expect(cost!.perSample).toMatchObject({ name: 'cost', tasks: 3, samplesPerTask: { min: 1, max: 2 } })
    expect(cost!.perSample.value).toBeCloseTo(1 / 3, 15)
    // Values within [0, 1] that are no rates.
    expect(cost!.perSample.interval).toEqual(bootstrapInterval(perTask))
    expect(tokens).toMatchObject({ field: 'usage.tokens', total: 400, samples: 2 })
    expect(tokens!.perSample).toMatchObject({ value: 200, tasks: 1 })
    expect(tokens!.perSample.interval.lower).toBeNaN()
  })

  it('are kept by sample where that is asked, in the order of the groups, and else refused', async () => {
    const shuffled = [5, 0, 3, 1, 4, 2].map((i) => ROWS[i]!)
    const log = await readLog(lines(shuffled), { fields: { cost: ['cost', 'usage.tokens'] }, keepCosts: true })
    expect(Object.fromEntries(log.sampleCosts('cost'))).toEqual({
      c: Float64Array.of(0.25, 0.5),
      a: Float64Array.of(0.25, 0.75),
      b: Float64Array.of(0.125, NaN),
    })
    expect([...log.sampleCosts('usage.tokens')][1]).toEqual(['a', Float64Array.of(100, 300)])
    expect([...groupsOf(log)].map(({ samples }) => samples.length)).toEqual([2, 2, 2])
    expect(() => [...log.sampleCosts('latency')]).toThrow('without the costs latency')
    const other = await read(ROWS, ['cost'])
    expect(() => [...other.sampleCosts('cost')]).toThrow('without what each sample cost')
  })

  it('are the same of rows of whole tasks, and counted once where a row says again', async () => {
    const whole = [
      { task_id: 'a', rewards: [1, 0], cost: [0.25, 0.75] },
      { task_id: 'b', rewards: [1, 1], cost: [0.125, null] },
      { task_id: 'c', rewards: [1, null], cost: [0.25, 0.5] },
    ]
    const expected = costsOf(await read(ROWS, ['cost']))
    expect(costsOf(await read(whole, ['cost']))).toEqual(expected)
    expect(costsOf(await read([...ROWS, ...ROWS], ['cost']))).toEqual(expected)
  })

  it('are of each group, as far as it says them', async () => {
    const rows = [
      ...ROWS.map((row) => ({ ...row, model: 'm1' })),
      { task_id: 'a', model: 'm2', passed: true },
      { task_id: 'b', model: 'm2', passed: true },
    ]
    const groups = await readLogGroups(lines(rows), { groupBy: ['model'], fields: { cost: ['cost'] } })
    expect(groups.map(({ log }) => costsOf(log).length)).toEqual([1, 0])
  })

  it('leave out the tasks that the figures leave out', async () => {
    const log = await read([...ROWS, { task_id: 'd', passed: true, cost: 99 }], ['cost'])
    const { costs, leftOut } = evaluateLog(log, { objectives: ['pass@2'], dropShort: true })
    expect(leftOut).toEqual(['d'])
    expect(costs[0]!.total).toBe(1.875)
  })

  it('are not asked for unless they are', async () => {
    expect(costsOf(await readLog(lines(ROWS)))).toEqual([])
  })

  it('refuse what is no number, a list of another length, and a field that nobody has', async () => {
    const row = { task_id: 'a', passed: true }
    await expect(read([{ ...row, cost: 'cheap' }], ['cost'])).rejects.toThrow('cost must be a finite number or null')
    await expect(read([{ ...row, cost: true }], ['cost'])).rejects.toThrow('cost must be a finite number or null')
    const whole = { task_id: 'a', rewards: [1, 0] }
    await expect(read([{ ...whole, cost: 3 }], ['cost'])).rejects.toThrow(
      'cost must be a list of 2 numbers, one for each sample',
    )
    await expect(read(ROWS, ['price'])).rejects.toThrow('no sample has a number in price')
  })
})
