import { createHash } from 'node:crypto'
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Estimate } from '@posttrain/core'
import { decodeSafetensors } from '@posttrain/models'
import type { SampleRecord } from '@posttrain/recipes'
import { describe, expect, it } from 'vitest'
import { emptyFolder, posttrain } from './posttrain.js'

const SMALL = ['--prompts', '4', '--samples', '8', '--tasks', '3']
const sha = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex')
const filesOf = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort()
/** Of all but when the run was at work. */
const hashes = (folder: string): Record<string, string> =>
  Object.fromEntries(
    filesOf(folder)
      .filter((file) => file !== 'sessions.jsonl')
      .map((file) => [file, sha(join(folder, file))]),
  )

const readLines = (file: string): unknown[] =>
  readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line): unknown => JSON.parse(line))

/** What `--json` prints, as far as the tests look at it. */
interface RunJson {
  readonly path: string
  readonly variants: readonly { readonly variant: string; readonly estimates: Readonly<Record<string, Estimate>> }[]
}

describe('posttrain run', () => {
  it('writes a run, prints one JSON object, and does the same again after Ctrl-C and --resume', async () => {
    const cwd = emptyFolder()
    const args = [
      'run',
      'game24',
      '--algorithm',
      'mean',
      '--algorithm',
      'pass@4',
      ...SMALL,
      '--steps',
      '60',
      '--seed',
      '3',
      '--json',
    ]
    const whole = await posttrain([...args, '--out', 'whole'], cwd)
    expect(whole.stderr).toContain('Game of 24: mean, pass@4; results go to')
    expect(whole.status).toBe(0)
    expect(filesOf(join(cwd, 'whole'))).toEqual([
      'checkpoints/checkpoint.safetensors',
      'checkpoints/mean.safetensors',
      'checkpoints/pass@4.safetensors',
      'config.json',
      'manifest.json',
      'metrics.jsonl',
      'report.html',
      'samples.jsonl',
      'sessions.jsonl',
    ])

    const result = JSON.parse(whole.stdout) as RunJson
    expect(result.variants.map(({ variant }) => variant)).toEqual(['checkpoint', 'mean', 'pass@4'])
    for (const { estimates } of result.variants) {
      for (const { value, interval, tasks, samplesPerTask, unscoredPolicy, unscored } of Object.values(estimates)) {
        expect(interval.lower).toBeLessThanOrEqual(value)
        expect(interval.upper).toBeGreaterThanOrEqual(value)
        expect({ tasks, samplesPerTask, unscoredPolicy, unscored }).toEqual({
          tasks: 3,
          samplesPerTask: { min: 64, max: 64 },
          unscoredPolicy: 'count-as-failure',
          unscored: 0,
        })
      }
    }
    expect(result.variants.map(({ estimates }) => 'KL' in estimates)).toEqual([false, true, true])
    expect(result.variants[1]!.estimates['KL']!.value).toBeGreaterThan(0)
    const lines = readLines(join(cwd, 'whole/metrics.jsonl')) as { kind: string }[]
    expect(lines.filter((line) => line.kind === 'training')).toHaveLength(120)
    const samples = readLines(join(cwd, 'whole/samples.jsonl')) as SampleRecord[]
    expect(samples).toHaveLength(3 * 3 * 64)
    const passAt1 = samples.filter((s) => s.system === 'mean').reduce((sum, s) => sum + s.reward!, 0) / 192
    expect(result.variants[1]!.estimates['pass@1']!.value).toBeCloseTo(passAt1, 12)
    const trained = decodeSafetensors(readFileSync(join(cwd, 'whole/checkpoints/mean.safetensors')))
    const start = decodeSafetensors(readFileSync(join(cwd, 'whole/checkpoints/checkpoint.safetensors')))
    expect(trained.tensors.get('wte.weight')!.shape).toEqual(start.tensors.get('wte.weight')!.shape)
    expect(trained.tensors.get('wte.weight')!.data).not.toEqual(start.tensors.get('wte.weight')!.data)

    const path = join(cwd, 'stopped')
    const stateSaved = (): boolean => existsSync(join(path, 'work/mean/step-25.safetensors'))
    const stopped = await posttrain([...args, '--out', 'stopped'], cwd, stateSaved)
    expect(stopped).toMatchObject({ status: 130, stdout: '' })
    expect(stopped.stderr).toContain(`stopped; continue with: posttrain run game24 --resume ${path}`)
    cpSync(path, join(cwd, 'damaged'), { recursive: true })
    const resumed = await posttrain(['run', 'game24', '--resume', 'stopped', '--json'], cwd)
    expect(resumed.status).toBe(0)
    expect(hashes(path)).toEqual(hashes(join(cwd, 'whole')))
    expect({ ...(JSON.parse(resumed.stdout) as RunJson), path: '' }).toEqual({ ...result, path: '' })

    const refusedOption = await posttrain(['run', 'game24', '--resume', 'stopped', '--seed', '4'], cwd)
    expect(refusedOption).toMatchObject({ status: 2, stdout: '' })
    expect(refusedOption.stderr).toContain('--resume continues a run with its own settings, so --seed cannot be given')

    const work = join(cwd, 'damaged/work/mean')
    const states = readdirSync(work).filter((name) => name.startsWith('step-'))
    for (const state of states) truncateSync(join(work, state), 1000)
    const damaged = await posttrain(['run', 'game24', '--resume', 'damaged'], cwd)
    expect(damaged.status).toBe(2)
    expect(damaged.stderr).toMatch(
      /error: cannot continue: .*mean\/step-\d+\.safetensors is damaged: it is not the file/,
    )
    expect(damaged.stderr).toContain(`hint: to make this variant again from the start, remove ${work}`)
    rmSync(cwd, { recursive: true })
  }, 240_000)

  it('trains for majority votes on multiplication', async () => {
    const cwd = emptyFolder()
    const args = ['run', 'multiplication', '--algorithm', 'maj@4', ...SMALL, '--steps', '3', '--json', '--out', 'run']
    const { status, stdout } = await posttrain(args, cwd)
    expect(status).toBe(0)
    const { variants } = JSON.parse(stdout) as RunJson
    expect(Object.keys(variants[1]!.estimates)).toEqual(['pass@1', 'pass@8', 'maj@4', 'maj@8', 'entropy', 'KL'])
    rmSync(cwd, { recursive: true })
  }, 120_000)
})

describe('wrong input ends with one sentence, a hint and status 2, and leaves nothing behind', () => {
  const cwd = emptyFolder()
  writeFileSync(join(cwd, 'file'), '')
  writeFileSync(join(cwd, 'short.safetensors'), Buffer.alloc(5))
  const cases: [string, string[], RegExp][] = [
    ['unknown recipe', ['chess'], /'chess' is invalid.*Allowed choices are game24, multiplication/],
    ['unknown algorithm', ['game24', '--algorithm', 'best'], /the algorithm 'best' is unknown\nhint: use mean, pass@K/],
    [
      'k larger than the samples',
      ['game24', '--algorithm', 'pass@32'],
      /needs at least 32 samples per task, but there are 16\nhint/,
    ],
    [
      'k larger than the measured samples',
      ['game24', '--algorithm', 'pass@100', '--samples', '128'],
      /measuring pass@100 needs/,
    ],
    [
      'repeated algorithm',
      ['game24', '--algorithm', 'mean', '--algorithm', 'mean'],
      /the algorithm mean is given twice/,
    ],
    [
      'more tasks than there are',
      ['game24', '--tasks', '300'],
      /the game24 recipe has 260 held-out tasks, but 300 are to be measured\nhint: choose from 2, .* to 260/,
    ],
    ['no number', ['game24', '--steps', 'many'], /must be a whole number/],
    ['unknown option', ['game24', '--speed', '9'], /unknown option '--speed'/],
    ['unwritable folder', ['game24', '--out', 'file/run'], /cannot write to .*file\/run.*\nhint: choose another --out/],
    ['a file as folder', ['game24', '--out', 'file'], /exists and is not an empty folder/],
    [
      'truncated checkpoint',
      ['game24', '--checkpoint', 'short.safetensors'],
      /short.safetensors cannot be used: not a safetensors file: it has 5 bytes\nhint/,
    ],
    ['missing checkpoint', ['game24', '--checkpoint', 'none'], /cannot read the checkpoint none/],
    ['resume of nothing', ['game24', '--resume', 'nowhere'], /nowhere is no run folder: it has no config.json\nhint/],
  ]
  it.each(cases)('%s', async (_, args, message) => {
    const { status, stdout, stderr } = await posttrain(['run', ...args], cwd)
    expect(stderr).toMatch(message)
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(readdirSync(cwd)).toEqual(['file', 'short.safetensors'])
  })
})
