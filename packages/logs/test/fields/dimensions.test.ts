import { describe, expect, it } from 'vitest'
import { readLog, readLogGroups } from '../../src/read-log.js'

const two = (fields: object, other: object): { lines: string[] } => ({
  lines: [
    { task_id: 'a', passed: true, ...fields },
    { task_id: 'a', passed: false, ...other },
    { task_id: 'b', passed: true, ...fields },
    { task_id: 'b', passed: false, ...other },
  ].map((row) => JSON.stringify(row)),
})

describe('rows that differ in what they are of', () => {
  it.each([
    [{ model: 'm1' }, { model: 'm2' }, 'model ("m1", "m2")'],
    [{ modelName: 'm1' }, { modelName: 'm2' }, 'modelName ("m1", "m2")'],
    [{ 'Model ID': 1 }, { 'Model ID': 2 }, 'Model ID ("1", "2")'],
    [{ filter: 'strict' }, { filter: 'flexible' }, 'filter ("strict", "flexible")'],
    [{ temperature: 0 }, { temperature: 0.7 }, 'temperature ("0", "0.7")'],
    [{ top_p: 1 }, { top_p: 0.9 }, 'top_p ("1", "0.9")'],
    [{ provider: { id: 'x' } }, { provider: { id: 'y' } }, String.raw`provider ("{\"id\":\"x\"}", "{\"id\":\"y\"}")`],
    [{ dataset: 'gsm8k' }, { dataset: 'math' }, 'dataset ("gsm8k", "math")'],
    [{ scorer: 'exact' }, { scorer: 'judge' }, 'scorer ("exact", "judge")'],
    [{ run: 'monday' }, { run: 'tuesday' }, 'run ("monday", "tuesday")'],
    [{ global_step: 100 }, { global_step: 200 }, 'global_step ("100", "200")'],
    [{ system: 'x' }, {}, 'system ("x", none)'],
    [{}, { system: 'x' }, 'system (none, "x")'],
  ])('are refused: %j and %j', async (fields, other, named) => {
    await expect(readLog(two(fields, other))).rejects.toThrow(
      expect.objectContaining({
        code: 'invalid-data',
        message: `lines, line 2: the rows differ in ${named}, and figures over both are of neither`,
      }),
    )
  })

  it('are taken where they agree, as text or number, or differ in a field that says something else', async () => {
    expect((await readLog(two({ temperature: 1 }, { temperature: '1' }))).totals.samples).toBe(4)
    expect((await readLog(two({ seed: 1, latency: 2 }, { seed: 2, latency: 3 }))).totals.samples).toBe(4)
  })

  it('are taken where it was said what the field is', async () => {
    const byDataset = ['x', 'x', 'y', 'y'].map((dataset, i) => JSON.stringify({ task_id: i, passed: true, dataset }))
    for (const fields of [{ tag: 'dataset' }, { cluster: 'dataset' }]) {
      expect((await readLog({ lines: byDataset }, { fields })).size).toBe(4)
    }
    const log = await readLog(two({ run: 'monday' }, { run: 'tuesday' }), { fields: { sample: 'run' } })
    expect(log.totals.samples).toBe(4)
  })

  it('are refused of one task, which is asked in one language', async () => {
    const rows = two({ language: 'de' }, { language: 'en' })
    await expect(readLog(rows)).rejects.toThrow('lines, line 2: task "a" has another language here than before')
    expect((await readLog(rows, { pool: ['language'] })).totals.samples).toBe(4)
  })

  it('are chosen, by one field or several, of which a path may lead to one', async () => {
    const log = two({ model: 'm1', at: { t: 0 } }, { model: 'm2', at: { t: 1 } })
    for (const where of [{ model: 'm2' }, { 'at.t': '1' }, { model: 'm2', 'at.t': '1' }]) {
      const { totals } = await readLog(log, { where })
      expect(totals).toMatchObject({ samples: 2, binary: true })
    }
    await expect(readLog(log, { where: { model: 'm1', 'at.t': '1' } })).rejects.toThrow(
      expect.objectContaining({
        message: 'no row has model = m1 and at.t = 1',
        hint: 'in the log model is "m1", "m2"; at.t is "0", "1"',
      }),
    )
  })

  it('are pooled knowingly, which makes the same number of a sample two samples', async () => {
    const log = two({ model: 'm1', sample: 0 }, { model: 'm2', sample: 0 })
    expect((await readLog(log, { pool: ['model'] })).totals).toMatchObject({ samples: 4, repeated: 0 })
  })

  it('are grouped, in the order of first appearance', async () => {
    const groups = await readLogGroups(two({ model: 'm1', temperature: 0 }, { temperature: 1 }), {
      groupBy: ['model', 'temperature'],
    })
    expect(groups.map(({ values, log }) => [values, log.size])).toEqual([
      [['m1', '0'], 2],
      [[undefined, '1'], 2],
    ])
    await expect(
      readLogGroups(two({ model: 1, filter: 1 }, { model: 1, filter: 2 }), { groupBy: ['model'] }),
    ).rejects.toThrow(
      expect.objectContaining({
        hint: 'group by it with groupBy: filter, choose one value with where: filter=VALUE, or pool them with pool: filter',
      }),
    )
  })
})

describe('rows of a task that ask something else', () => {
  it.each(['prompt', 'question', 'input', 'task'])('are refused: another %s', async (field) => {
    const log = { lines: ['1+1', '1+2'].map((asked) => JSON.stringify({ task_id: 'a', reward: 1, [field]: [asked] })) }
    await expect(readLog(log)).rejects.toThrow(
      expect.objectContaining({
        message: `lines, line 2: task "a" has another ${field} here than before; first seen in lines, line 1`,
        hint: `give different tasks different ids, or pool them with pool: ${field}`,
      }),
    )
    expect((await readLog(log, { pool: [field] })).totals.samples).toBe(2)
  })

  it('are taken of another task', async () => {
    const lines = ['1+1', '1+2'].map((prompt, i) => JSON.stringify({ task_id: i, reward: 1, prompt }))
    expect((await readLog({ lines })).size).toBe(2)
  })
})
