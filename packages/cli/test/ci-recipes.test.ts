import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { COMMAND, emptyFolder, ended, posttrain, type Ended } from './posttrain.js'

const PYTHON = process.env['PYTHON']
const README = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

/** Why a tool cannot be run here, for the title of its tests. */
function missing(module: string): string {
  if (PYTHON === undefined) return ' (skipped: the environment variable PYTHON names no interpreter)'
  try {
    execFileSync(PYTHON, ['-c', `import ${module}`], { stdio: 'ignore' })
    return ''
  } catch {
    return ` (skipped: ${PYTHON} has no ${module}; test/ci-recipes/requirements.txt)`
  }
}

const PROMPTFOO = fileURLToPath(new URL('./promptfoo/node_modules/promptfoo/dist/src/entrypoint.js', import.meta.url))

const cwd = emptyFolder()
afterAll(() => rmSync(cwd, { recursive: true }))
cpSync(fileURLToPath(new URL('./ci-recipes', import.meta.url)), cwd, { recursive: true })

/** The programs that recipes call: the tools, where promptfoo writes all of its kinds of files, and our command from its sources. */
const programs = {
  inspect: `'${PYTHON}' -m inspect_ai "$@" --display none`,
  lm_eval: `'${PYTHON}' lm_eval_with_sums.py "$@" --include_path .`,
  promptfoo: `exec '${process.execPath}' '${PROMPTFOO}' "$@" out.csv out.jsonl --no-progress-bar --no-table`,
  npx: `shift; exec ${[process.execPath, ...COMMAND].map((word) => `'${word}'`).join(' ')} "$@"`,
}
const bin = join(cwd, 'bin')
mkdirSync(bin)
for (const [name, line] of Object.entries(programs)) {
  writeFileSync(join(bin, name), `#!/bin/sh\n${line}\n`, { mode: 0o755 })
}

/** Runs what the README says for a tool, in CI: the first command that fails ends it. */
function run(tool: string, known: number): Promise<Ended> {
  const recipe = new RegExp(`^\`\`\`sh\\n(${tool} .*?)^\`\`\``, 'ms').exec(README)![1]!
  for (const folder of ['logs', 'out']) rmSync(join(cwd, folder), { recursive: true, force: true })
  const env = {
    PATH: `${bin}:${process.env['PATH']}`,
    KNOWN: String(known),
    MODEL: 'sums',
    TASK: 'sums',
    HF_HOME: join(cwd, 'hugging-face'),
    HF_HUB_OFFLINE: '1',
    PROMPTFOO_CONFIG_DIR: join(cwd, 'promptfoo'),
    PROMPTFOO_DISABLE_TELEMETRY: '1',
    PROMPTFOO_DISABLE_UPDATE: '1',
  }
  return ended('bash', ['-euc', recipe], { cwd, env })
}

/** As our command estimates it. */
async function passAt1(file: string): Promise<number> {
  const { stdout } = await posttrain(['evaluate', file, '--k', '1', '--json'], cwd)
  const { metrics } = JSON.parse(stdout) as { metrics: { name: string; estimate: number }[] }
  return metrics.find(({ name }) => name === 'pass@1')!.estimate
}

/** The only file below a folder whose name starts so. */
function only(folder: string, start: string): string {
  const found = readdirSync(join(cwd, folder), { recursive: true, encoding: 'utf8' })
  const [file, ...more] = found.filter((path) => path.split('/').at(-1)!.startsWith(start))
  expect(more).toEqual([])
  return join(cwd, folder, file!)
}

const inspect = missing('inspect_ai')
describe.skipIf(inspect !== '')(`the recipe for Inspect${inspect}`, () => {
  it('passes where pass@8 is shown to be high enough', async () => {
    const { status, stdout, stderr } = await run('inspect', 40)
    expect({ status, stderr }).toEqual({
      status: 0,
      stderr: expect.stringContaining('gate: pass@8 is shown') as string,
    })
    expect(stdout).toContain('n = 40 tasks × 8 samples')
  }, 120_000)

  it('fails where it is not, with the figures of Inspect', async () => {
    const { status, stderr } = await run('inspect', 20)
    expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining('pass@8 is not shown') as string })
    const log = only('logs', '2')
    const header = execFileSync(PYTHON!, ['-m', 'inspect_ai', 'log', 'dump', '--header-only', log], { cwd })
    const { results } = JSON.parse(header.toString()) as {
      results: { scores: { metrics: { accuracy: { value: number } } }[] }
    }
    // 20 of 40 always, 10 every other time.
    expect(results.scores[0]!.metrics.accuracy.value).toBeCloseTo(25 / 40, 12)
    expect(await passAt1(log)).toBeCloseTo(25 / 40, 12)
  }, 120_000)
})

const lmEval = missing('lm_eval')
describe.skipIf(lmEval !== '')(`the recipe for lm-eval${lmEval}`, () => {
  it('passes where pass@1 is shown to be high enough', async () => {
    const { status, stdout, stderr } = await run('lm_eval', 40)
    expect({ status, stderr }).toEqual({
      status: 0,
      stderr: expect.stringContaining('gate: pass@1 is shown') as string,
    })
    expect(stdout).toContain('n = 40 tasks × 4 samples')
  }, 120_000)

  it('fails where it is not, with the figures of lm-eval', async () => {
    const { status, stderr } = await run('lm_eval', 20)
    expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining('pass@1 is not shown') as string })
    const { results } = JSON.parse(readFileSync(only('out', 'results'), 'utf8')) as {
      results: { sums: Record<string, number> }
    }
    expect(results.sums['exact_match,each']).toBeCloseTo(25 / 40, 12)
    expect(await passAt1(only('out', 'samples'))).toBeCloseTo(25 / 40, 12)
  }, 120_000)
})

const promptfoo = existsSync(PROMPTFOO)
  ? ''
  : ' (skipped: npm ci --omit=optional --ignore-scripts --prefix packages/cli/test/promptfoo)'
describe.skipIf(promptfoo !== '')(`the recipe for promptfoo${promptfoo}`, () => {
  it('passes where pass@8 is shown to be high enough', async () => {
    const { status, stdout, stderr } = await run('promptfoo', 40)
    expect({ status, stderr }).toEqual({
      status: 0,
      stderr: expect.stringContaining('gate: pass@8 is shown') as string,
    })
    expect(stdout).toContain('n = 40 tasks × 8 samples')
  }, 120_000)

  it('fails where it is not, with the figures of promptfoo', async () => {
    const { status, stderr } = await run('promptfoo', 20)
    expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining('pass@8 is not shown') as string })
    const { results } = JSON.parse(readFileSync(join(cwd, 'out.json'), 'utf8')) as {
      results: { stats: { successes: number; failures: number } }
    }
    expect(results.stats).toMatchObject({ successes: 200, failures: 120 })
    for (const file of ['out.json', 'out.jsonl', 'out.csv']) {
      expect(await passAt1(join(cwd, file)), file).toBeCloseTo(200 / 320, 12)
    }
  }, 120_000)

  it('fails where promptfoo itself fails', async () => {
    rmSync(join(cwd, 'provider.mjs'))
    const { status, stderr } = await run('promptfoo', 40)
    expect(status).toBe(1)
    expect(stderr).not.toContain('gate:')
  }, 120_000)
})
