import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RunsReport } from '@posttrain/recipes'
import { describe, expect, it } from 'vitest'
import { posttrainHere } from './in-process.js'
import { emptyFolder, posttrain } from './posttrain.js'

const SMALL = ['--quick', '--seeds', '2', '--steps', '2', '--samples', '8', '--tasks', '3']

type StudyJson = RunsReport & { readonly claim: string; readonly config: { readonly seeds: readonly number[] } }

interface Analysis {
  readonly verdict: readonly string[]
  readonly all: {
    readonly split: {
      readonly change: { readonly difference: number }
      readonly selection: { readonly value: number }
      readonly execution: { readonly value: number }
      readonly patterns: readonly { readonly shareBefore: number }[]
    }
  }
  readonly solvable: readonly {
    readonly shares: readonly { readonly predicted: number; readonly interval: { lower: number; upper: number } }[]
  }[]
}

/** The figures, without what depends on where and when. */
const figuresOf = ({ comparisons }: StudyJson) => comparisons

describe('posttrain run, of a study', () => {
  it('runs each seed, reports them together, and gives the same figures after Ctrl-C and --resume', async () => {
    const cwd = emptyFolder()
    const whole = await posttrain(['run', 'inference-objectives', ...SMALL, '--out', 'whole', '--json'], cwd)
    expect(whole.status).toBe(0)
    expect(whole.stderr).toContain('seed 1, run 2 of 2')
    const found = JSON.parse(whole.stdout) as StudyJson
    expect(found.config.seeds).toEqual([0, 1])
    expect(found.claim).toContain('each objective is the best by its own metric')
    const [comparison] = found.comparisons
    expect(comparison!.rows.map(({ variant, seeds }) => [variant, seeds])).toEqual(
      ['checkpoint', 'mean', 'pass@8', 'maj@8'].map((variant) => [variant, [0, 1]]),
    )
    expect(comparison!.rows[1]!.estimates['pass@1']).toMatchObject({ tasks: 3, samplesPerTask: { min: 8, max: 8 } })
    const page = readFileSync(join(cwd, 'whole/report.html'), 'utf8')
    expect(page.indexOf('What is claimed')).toBeLessThan(page.indexOf('What it shows'))

    const begun = (): boolean => existsSync(join(cwd, 'stopped/seed-1/config.json'))
    const stopped = await posttrain(['run', 'inference-objectives', ...SMALL, '--out', 'stopped', '--json'], cwd, begun)
    expect(stopped).toMatchObject({ status: 130, stdout: '' })
    expect(stopped.stderr).toContain('stopped; continue with: posttrain run inference-objectives --resume')
    const resumed = await posttrain(['run', 'inference-objectives', '--resume', 'stopped', '--json'], cwd)
    expect(resumed.status).toBe(0)
    expect(figuresOf(JSON.parse(resumed.stdout) as StudyJson)).toEqual(figuresOf(found))
    const shown = await posttrain(['run', 'inference-objectives', '--resume', 'whole'], cwd)
    expect(shown.status).toBe(0)
    expect(shown.stdout).toContain('The claim: A model that is trained for the procedure')
    rmSync(cwd, { recursive: true })
  }, 240_000)

  it('says what became of patterns: the split, the regime, and predictions beside what was observed', async () => {
    const cwd = emptyFolder()
    const small = ['--seeds', '1', '--steps', '2', '--samples', '16', '--tasks', '6', '--out', 'study', '--json']
    const { status, stdout } = await posttrain(['run', 'pattern-selection', ...small], cwd)
    expect(status).toBe(0)
    const { analysis } = JSON.parse(stdout) as { readonly analysis: Analysis }
    const { change, selection, execution, patterns } = analysis.all.split
    expect(selection.value + execution.value).toBeCloseTo(change.difference, 12)
    expect(patterns.reduce((sum, { shareBefore }) => sum + shareBefore, 0)).toBeCloseTo(1, 12)
    for (const { shares } of analysis.solvable) {
      for (const { predicted, interval } of shares) {
        expect(interval.lower).toBeLessThanOrEqual(predicted)
        expect(interval.upper).toBeGreaterThanOrEqual(predicted)
      }
    }
    expect(analysis.verdict.at(-1)).toContain('3 of 3 final shares that the gradient flow predicts')
    expect(readFileSync(join(cwd, 'study/report.html'), 'utf8')).toContain('how 24 is finally made')
    rmSync(cwd, { recursive: true })
  }, 120_000)

  it('refuses what is no study, is another, or is there already, and writes nothing', async () => {
    const cwd = emptyFolder()
    const refused = async (...args: readonly string[]) => {
      const { status, stdout, stderr } = await posttrainHere(['run', 'inference-objectives', ...args])
      expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
      return stderr
    }
    expect(await refused('--resume', cwd)).toContain('is no study: it has no study.json')
    expect(await refused('--out', cwd)).toContain('exists already')
    expect(await refused('--resume', cwd, '--seeds', '2')).toContain('so --seeds cannot be given')
    expect(await refused('--tasks', '999', '--out', join(cwd, 'x'))).toContain('held-out tasks')
    expect(existsSync(join(cwd, 'x'))).toBe(false)
    writeFileSync(join(cwd, 'study.json'), '{"study":"another"}')
    expect(await refused('--resume', cwd)).toContain('is no study')
    rmSync(cwd, { recursive: true })
  })
})
