import { cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { packages, root } from '../workspace.js'
import { run, type Ended } from './consumer.js'

/** The workspace with every source but the planted one left out: what remains is the rules. */
let workspace: string

beforeAll(async () => {
  workspace = await mkdtemp(join(tmpdir(), 'posttrain-boundaries-'))
  for (const file of ['nx.json', 'package.json', 'package-lock.json', 'tsconfig.base.json', 'tools']) {
    await cp(join(root, file), join(workspace, file), { recursive: true })
  }
  const modules = join(workspace, 'node_modules')
  await mkdir(join(modules, '@posttrain'), { recursive: true })
  for (const name of await readdir(join(root, 'node_modules'))) {
    if (name !== '@posttrain') await symlink(join(root, 'node_modules', name), join(modules, name))
  }
  for (const { folder, manifest } of packages) {
    const target = join(workspace, 'packages', folder)
    await mkdir(join(target, 'src'), { recursive: true })
    if (manifest.name.startsWith('@')) await symlink(target, join(modules, manifest.name))
    for (const file of ['package.json', 'tsconfig.json']) {
      await cp(join(root, 'packages', folder, file), join(target, file))
    }
    await writeFile(join(target, 'src/index.ts'), 'export const nothing: undefined = undefined\n')
  }
})

afterAll(() => rm(workspace, { recursive: true, force: true }))

/** Runs a target of a package that has one more source file. */
async function runWith(target: string, folder: string, source: string): Promise<Ended> {
  const planted = join(workspace, 'packages', folder, 'src/planted.ts')
  await writeFile(planted, source)
  const nx = join(root, 'node_modules/nx/dist/bin/nx.js')
  const ended = await run(process.execPath, [nx, 'run', `${folder}:${target}`, '--skip-nx-cache'], workspace)
  await rm(planted)
  return ended
}

const importing = (name: string): string =>
  `import { nothing } from '${name}'\n\nexport const planted: unknown = nothing\n`

it('the linter passes an import that the table allows', async () => {
  const ended = await runWith('lint', 'trainers', importing('@posttrain/kl'))
  expect(ended.code, ended.output).toBe(0)
})

it.each([
  ['a layer that is not below', 'kl', '@posttrain/estimators', '@nx/enforce-module-boundaries'],
  ['a layer above', 'core', '@posttrain/models', '@nx/enforce-module-boundaries'],
  ['the files of another package', 'models', '../../compute/src/index.js', '@nx/enforce-module-boundaries'],
  [
    'a package of a permitted layer that the table leaves out',
    'trainers',
    '@posttrain/rewards',
    'no-restricted-imports',
  ],
])('the linter refuses %s: %s importing %s', async (_, folder, name, rule) => {
  const ended = await runWith('lint', folder, importing(name))
  expect(ended.code, ended.output).not.toBe(0)
  expect(ended.output).toContain(rule)
})

it.each([
  ['a GPU type', 'kl', 'export let planted: GPUDevice | undefined\n', "Cannot find name 'GPUDevice'"],
  ['a global of Node', 'kl', 'export const planted: unknown = process.env\n', "Cannot find name 'process'"],
])('the compiler refuses %s in %s', async (_, folder, source, message) => {
  const ended = await runWith('build', folder, source)
  expect(ended.code, ended.output).not.toBe(0)
  expect(ended.output).toContain(message)
})

it('the compiler passes a GPU type in compute', async () => {
  const ended = await runWith('build', 'compute', 'export let planted: GPUDevice | undefined\n')
  expect(ended.code, ended.output).toBe(0)
})
