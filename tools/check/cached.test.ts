import { appendFile, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { packages } from '../workspace.js'
import { run } from './consumer.js'
import { copyWorkspace } from './workspace-copy.js'

const targets = ['build', 'typecheck', 'lint', 'test']

/** The workspace, with commands that do nothing: what remains is what nx runs and what it takes from its cache. */
let workspace: string

beforeAll(async () => {
  workspace = await copyWorkspace('cached')
  const file = join(workspace, 'nx.json')
  const settings = JSON.parse(await readFile(file, 'utf8')) as {
    targetDefaults: Record<string, { options: { command: string } }>
  }
  for (const { options } of Object.values(settings.targetDefaults)) options.command = 'true'
  await writeFile(file, JSON.stringify(settings))
  await runTargets()
})

afterAll(() => rm(workspace, { recursive: true, force: true }))

/** Runs all targets of all packages; gives the tasks that were not taken from the cache, as `kl:lint`, sorted. */
async function runTargets(): Promise<string[]> {
  const nx = join(workspace, 'node_modules/nx/dist/bin/nx.js')
  const projects = packages.map(({ manifest }) => manifest.name).join(',')
  const args = ['run-many', '-t', ...targets, '-p', projects, '--parallel=8', '--outputStyle=static']
  const { code, output: coloured } = await run(process.execPath, [nx, ...args], workspace)
  const output = stripVTControlCharacters(coloured)
  expect(code, output).toBe(0)
  const tasks = [...output.matchAll(/nx run (?:@posttrain\/)?(\S+:\S+)(.*)/g)]
  expect(tasks.length, output).toBe(packages.length * targets.length)
  return tasks
    .filter(([, , how]) => !/cache/.test(how!))
    .map(([, task]) => task!)
    .sort()
}

const allOf = (...names: string[]): string[] => names.flatMap((name) => targets.map((target) => `${name}:${target}`))

it('an edit in a package that few depend on is checked in these, and everything else is taken from the cache', async () => {
  await appendFile(join(workspace, 'packages/report/src/index.ts'), '\n')
  expect(await runTargets()).toEqual(allOf('posttrain', 'recipes', 'report').sort())
})

it('an edit in a test is checked in its package alone, and builds nothing', async () => {
  await appendFile(join(workspace, 'packages/kl/test/numerics.test.ts'), '\n')
  expect(await runTargets()).toEqual(['kl:lint', 'kl:test', 'kl:typecheck'])
})

it('an edit in a package is checked where tests import it, too, which builds nothing there', async () => {
  await appendFile(join(workspace, 'packages/laws/src/index.ts'), '\n')
  const ran = await runTargets()
  expect(ran).toEqual(expect.arrayContaining([...allOf('laws'), 'kl:lint', 'kl:test', 'kl:typecheck']))
  expect(ran).not.toContain('kl:build')
  expect(ran.filter((task) => /^(core|compute|text|report):/.test(task))).toEqual([])
})
