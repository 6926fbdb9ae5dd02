import { describe, expect, it } from 'vitest'
import { readLog, type ReadLogOptions } from '../../src/read-log.js'
import type { LogTotals } from '../../src/log-totals.js'

const read = async (rows: readonly object[], options?: ReadLogOptions): Promise<LogTotals> =>
  (await readLog({ lines: rows.map((row) => JSON.stringify(row)) }, options)).totals

/** Two tasks of two samples each. */
const rows = (field: string, first: number | string = 0, second: number | string = 1): object[] =>
  ['a', 'b'].flatMap((task_id) => [
    { task_id, [field]: first, reward: 1, answer: 'x', completion: 'y' },
    { task_id, [field]: second, reward: 0, answer: 'z' },
  ])

describe('rows of the same task and number', () => {
  it.each(['sample', 'sample_index', 'epoch', 'trial', 'attempt', 'repeat', 'run', 'sample_id'])(
    'are one sample, which counts once: %s',
    async (field) => {
      const all = rows(field)
      const again = all.map((row) => ({ latency: Math.random(), ...row }))
      expect(await read([...all, ...again])).toMatchObject({ samples: 4, repeated: 4, firstRepeated: 'lines, line 5' })
    },
  )

  it('are refused where they say something else, with both lines', async () => {
    for (const other of [{ reward: 1 }, { answer: 'x' }, { proxy: 1 }, { completion: '' }]) {
      await expect(
        read([...rows('epoch', 1, 2), { task_id: 'b', epoch: 2, reward: 0, answer: 'z', ...other }]),
      ).rejects.toThrow(
        expect.objectContaining({
          code: 'invalid-data',
          message: 'lines, line 5: task "b" has epoch 2 a second time, and other than in lines, line 4',
          hint:
            'keep one of the two rows; if they are two samples, name what tells them apart (pool: FIELD), or say that ' +
            'epoch numbers no samples (fields.sample: none)',
        }),
      )
    }
  })

  it('are refused where another number differs, and are two samples where that was pooled', async () => {
    const runs = [1, 2].flatMap((run) => rows('sample').map((row) => ({ ...row, run })))
    await expect(read(runs)).rejects.toThrow(
      expect.objectContaining({ hint: expect.stringContaining('(pool: run)') as string }),
    )
    expect(await read(runs, { pool: ['run'] })).toMatchObject({ samples: 8, repeated: 0 })
  })

  it('are as many samples as rows, where no field numbers them or the caller says so', async () => {
    const plain = rows('seed', 7, 7)
    expect(await read([...plain, ...plain])).toMatchObject({ samples: 8, repeated: 0 })
    const numbered = rows('sample')
    expect(await read([...numbered, ...numbered], { fields: { sample: 'none' } })).toMatchObject({ samples: 8 })
    expect(await read(rows('run', 'nightly', 'nightly'))).toMatchObject({ samples: 4 })
  })

  it('are one under any field that the caller names', async () => {
    const named = rows('draw', 'x', 'y')
    expect(await read([...named, ...named], { fields: { sample: 'draw' } })).toMatchObject({ samples: 4, repeated: 4 })
  })

  it('are refused where the field tells no samples of a task apart, until the caller says what it is', async () => {
    const all = rows('epoch').filter((_, i) => i % 2 === 0)
    const twice = [...all, ...all]
    await expect(read(twice)).rejects.toThrow(
      expect.objectContaining({
        message:
          'lines, line 3: the row says the same as lines, line 1, and no task has two values of epoch, so that nothing ' +
          'tells whether it is the same sample',
        hint:
          'say fields.sample: epoch if that numbers the samples, which then count once, or fields.sample: none if every ' +
          'row is another',
      }),
    )
    expect(await read(twice, { fields: { sample: 'epoch' } })).toMatchObject({ samples: 2, repeated: 2 })
    expect(await read(twice, { fields: { sample: 'none' } })).toMatchObject({ samples: 4, repeated: 0 })
  })
})

it('samples are in the order of their numbers, wherever their rows stand', async () => {
  const numbers = [10, 2, 'x10', '1', 'x2', 2 ** 40]
  const lines = numbers.map((sample, i) => JSON.stringify({ task_id: 'a', draw: sample, reward: i }))
  const log = await readLog({ lines }, { fields: { sample: 'draw' } })
  const [task] = log.tasks()
  const rewards = task?.kind === 'group' ? task.group.outcomes.map((one) => one.kind === 'scored' && one.reward) : []
  expect(rewards.map((i) => numbers[Number(i)])).toEqual(['1', 2, 10, 2 ** 40, 'x2', 'x10'])
})
