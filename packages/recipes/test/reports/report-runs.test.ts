import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { crossedMean, pairedDifference } from '@posttrain/estimators'
import { describe, expect, it } from 'vitest'
import { reportRuns } from '../../src/index.js'
import { beginRun, finishedRun, runsFolder } from '../support/finished-run.js'

const choices = { heldOutTasks: 40, samplesPerTask: 8, steps: 4 } as const
/** Right ones of 8: training for pass@8 solves more tasks, for mean more often. */
const correct = (variant: string, task: number): number =>
  variant === 'pass@8' ? Number(task < 36) : variant === 'mean' ? (task < 16 ? 8 : 0) : task < 16 ? 4 : 0

describe('reportRuns', () => {
  it('pairs the variants of all runs on the same tasks, and says which is the best by what it was trained for', async () => {
    const root = runsFolder()
    const a = await finishedRun(root, { name: 'a', choices: { ...choices, algorithms: ['mean'] }, correct })
    const b = await finishedRun(root, { name: 'b', choices: { ...choices, algorithms: ['pass@8'] }, correct })
    const report = reportRuns([a, b])
    const [comparison] = report.comparisons
    const { rows, differences, verdict, warnings } = comparison!
    // The checkpoint of both is the same: one row.
    expect(rows.map(({ label, runs, seeds, trainedFor }) => [label, runs, seeds, trainedFor])).toEqual([
      ['before training', ['a'], [0], undefined],
      ['trained for mean', ['a'], [0], 'pass@1'],
      ['trained for pass@8', ['b'], [0], 'pass@8'],
    ])
    const values = (metric: string): number[] => rows.map(({ estimates }) => estimates[metric]!.value)
    expect(values('pass@1')).toEqual([0.2, 0.4, 0.1125])
    expect(values('pass@8')).toEqual([0.4, 0.4, 0.9])
    const across = differences.filter(({ metric }) => metric === 'pass@8')
    expect(across.map(({ row, baseline, difference, verdict }) => [row, baseline, difference, verdict])).toEqual([
      ['trained for mean', 'before training', 0, 'undecided'],
      ['trained for pass@8', 'before training', 0.5, 'better'],
      ['trained for pass@8', 'trained for mean', 0.5, 'better'],
    ])
    const solved = (variant: string): number[] =>
      Array.from({ length: 40 }, (_, task) => Math.min(1, correct(variant, task)))
    const { interval, pValue } = pairedDifference(solved('mean'), solved('pass@8'), { seed: 0 })
    expect(across[2]).toMatchObject({ interval, pValue, adjustedPValue: 3 * pValue, discordant: 20, tasks: 40 })
    expect(verdict[0]).toBe(
      'Each of the 2 ways of training is credibly better, by the metric it was trained for, than everything that was not trained for it.',
    )
    expect(verdict.find((one) => one.startsWith('pass@8'))).toMatch(
      /^pass@8: trained for pass@8 has the most, 90\.0 % \[\d+\.\d, \d+\.\d\]; credibly more than before training \(\+50\.0 pp .*\) and trained for mean \(\+50\.0 pp .*\)\.$/,
    )
    expect(warnings).toEqual([])
    expect(report.runs.map(({ name, training }) => [name, training.length])).toEqual([
      ['a', 4],
      ['b', 4],
    ])
  })

  it('takes the mean over runs that differ in their seed alone, with an interval over seeds and tasks', async () => {
    const root = runsFolder()
    const shift = [0, 1, 3]
    const of = (seed: number) => (variant: string, task: number) =>
      variant === 'checkpoint' ? task % 4 : (task % 4) + shift[seed]!
    const paths: string[] = []
    for (const seed of [2, 0, 1]) {
      const own = { ...choices, seed, algorithms: ['mean'] }
      paths.push(await finishedRun(root, { name: `seed-${seed}`, choices: own, correct: of(seed) }))
    }
    const { rows, differences, warnings } = reportRuns(paths).comparisons[0]!
    expect(rows.map(({ label, runs, seeds }) => [label, runs, seeds])).toEqual([
      ['before training', ['seed-0', 'seed-1', 'seed-2'], [0, 1, 2]],
      ['trained for mean', ['seed-0', 'seed-1', 'seed-2'], [0, 1, 2]],
    ])
    const layout = [0, 1, 2].map((seed) => Array.from({ length: 40 }, (_, task) => of(seed)('mean', task) / 8))
    const { value, interval: whole } = crossedMean(layout)
    const interval = { ...whole, lower: 0 } // it would begin at −12.2 %, which no share can be
    expect(whole.lower).toBeCloseTo(-0.1223, 4)
    const method = 'student-t over 3 seeds and the tasks'
    expect(value).toBeCloseTo((1.5 + 4 / 3) / 8, 12)
    expect(rows[1]!.estimates['pass@1']).toMatchObject({ value, tasks: 40, interval: { ...interval, method } })
    expect(rows[1]!.curve[0]).toMatchObject({ k: 1, value, interval: { ...interval, method } })
    // Two of the three seeds solve every task: what lies above 100 % is left out.
    const all = rows[1]!.estimates['pass@8']!
    expect(all.value).toBeCloseTo(1 - 10 / 40 / 3, 12)
    expect(all.interval.upper).toBe(1)
    const difference = differences.find(({ metric }) => metric === 'pass@1')!
    // Each seed moves every task alike: only seeds differ, by 0, 1 and 3 eighths; t at 2 degrees of freedom is 4.3027.
    const reach = (4.302652729749464 * Math.sqrt(7 / 3 / 3)) / 8
    expect(difference).toMatchObject({
      seeds: [0, 1, 2],
      difference: expect.closeTo(1 / 6, 12) as number,
      verdict: 'undecided',
    })
    expect(difference.interval.lower).toBeCloseTo(1 / 6 - reach, 10)
    expect(difference.interval.upper).toBeCloseTo(1 / 6 + reach, 10)
    expect(warnings).toEqual([])
  })

  it('names settings that differ, counts a repeated run once, and says where it was not reproduced', async () => {
    const root = runsFolder()
    const run = (name: string, steps: number, more = 0): Promise<string> =>
      finishedRun(root, {
        name,
        choices: { ...choices, steps, algorithms: ['mean'] },
        correct: (variant, task) => correct(variant, task) + (variant === 'mean' && task === 20 ? more : 0),
      })
    const paths = [await run('short', 4), await run('long', 8), await run('again', 4), await run('other', 4, 1)]
    const { rows, warnings } = reportRuns(paths).comparisons[0]!
    expect(rows.map(({ label, seeds }) => [label, seeds])).toEqual([
      ['before training', [0]],
      ['trained for mean, 4 steps', [0]],
      ['trained for mean, 8 steps', [0]],
    ])
    expect(warnings).toEqual([
      'Not reproduced: trained for mean of short and other have the same settings and seed but other samples; the first of them is shown.',
    ])
  })

  it('sets runs on other tasks side by side, and warns where it matters', async () => {
    const root = runsFolder()
    const few = { ...choices, heldOutTasks: 4, algorithms: ['mean'] }
    const small = await finishedRun(root, { name: 'small', choices: few, correct, informative: 0.02, unscored: 0 })
    const products = { ...choices, algorithms: ['mean'], seed: 5 }
    const other = await finishedRun(root, { name: 'products', recipe: 'multiplication', choices: products, correct })
    const another = { ...products, seed: 6, steps: 5 }
    const third = await finishedRun(root, { name: 'third', recipe: 'multiplication', choices: another, correct })
    const report = reportRuns([small, other, third])
    expect(report.comparisons.map(({ recipe, heldOutTasks, runs }) => [recipe, heldOutTasks, runs])).toEqual([
      ['game24', 4, ['small']],
      ['multiplication', 40, ['products', 'third']],
    ])
    expect(report.comparisons.map(({ warnings }) => warnings)).toEqual([
      [
        'Few tasks: with 1 pair no difference on 4 tasks and one seed can be credible; that takes 6.',
        'Unscored: 1 sample of before training without a score, counted as wrong.',
        'Few gradients: in the last 1 step of trained for mean (small) 2.0 % of the samples carried a gradient: the rewards of most groups did not differ enough to teach anything.',
      ],
      [
        'Two seeds say little of others: the intervals of before training would narrow with a third.',
        'Some pairs are of one seed each and not the same: their differences are also those of the seeds.',
      ],
    ])
  })

  it('refuses what is no finished run by name, and changes nothing', async () => {
    const root = runsFolder()
    const found = { name: 'begun', choices: { ...choices, algorithms: ['mean'] }, correct }
    const { folder } = await beginRun(root, found)
    folder.release()
    const before = readdirSync(folder.path, { recursive: true })
    expect(() => reportRuns([folder.path])).toThrow(
      expect.objectContaining({
        code: 'invalid-data',
        message: `${folder.path} is not finished`,
        hint: expect.stringContaining(`posttrain run game24 --resume ${folder.path}`) as string,
      }),
    )
    expect(readdirSync(folder.path, { recursive: true })).toEqual(before)
    const whole = await finishedRun(root, { ...found, name: 'whole' })
    expect(() => reportRuns([])).toThrow('there is no run to report')
    expect(() => reportRuns([whole, `${whole}/../whole`])).toThrow(`the run ${whole} is given twice`)
    expect(() => reportRuns([root])).toThrow(`${root} is no run folder: it has no config.json`)
    const samples = join(whole, 'samples.jsonl')
    writeFileSync(samples, readFileSync(samples, 'utf8').replace('"reward":1', '"reward":0'))
    expect(() => reportRuns([whole])).toThrow(`${samples} is damaged: it is not the file that manifest.json names`)
    rmSync(samples)
    expect(() => reportRuns([whole])).toThrow(`${samples} is missing, but manifest.json names it`)
  })
})
