import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { programOf, programsOf } from '../documents.js'
import { packageNamed, packages, root, type Manifest } from '../workspace.js'
import { run, type Ended } from './consumer.js'
import { startRegistry, type Registry } from './registry.js'
import { typeCheck } from './type-check.js'
import { copyWorkspace } from './workspace-copy.js'

// A whole release, of a copy of the workspace, to a registry on this machine.
let registry: Registry
let workspace: string
let home: string
let before: string
let released: Ended

const git = (...args: string[]): Promise<Ended> => run('git', args, workspace)
const release = (...args: string[]): Promise<Ended> =>
  run(process.execPath, ['tools/release.mjs', '--registry', registry.address, '--unchecked', ...args], workspace)
const manifestOf = async (folder: string): Promise<Manifest> =>
  JSON.parse(await readFile(join(workspace, 'packages', folder, 'package.json'), 'utf8')) as Manifest
const isRelease = (text: string): boolean => /^'(@posttrain\/[a-z-]+|posttrain)': (major|minor|patch)$/m.test(text)

beforeAll(async () => {
  registry = await startRegistry()
  // npm and git as on a machine where nobody has set anything: no token, no cache, no name.
  home = await mkdtemp(join(tmpdir(), 'posttrain-release-home-'))
  const token = `//${new URL(registry.address).host}/:_authToken=nobody\n`
  await writeFile(join(home, 'npmrc'), `registry=${registry.address}\ncache=${join(home, 'cache')}\n${token}`)
  await writeFile(join(home, 'gitconfig'), '[user]\nname = Release\nemail = release@localhost\n')
  process.env['npm_config_userconfig'] = join(home, 'npmrc')
  process.env['GIT_CONFIG_GLOBAL'] = join(home, 'gitconfig')

  workspace = await copyWorkspace('release')
  for (const { folder, path } of packages) {
    await cp(join(path, 'dist'), join(workspace, 'packages', folder, 'dist'), { recursive: true })
  }
  const notes = await readdir(join(workspace, '.changeset'))
  const texts = await Promise.all(notes.map((file) => readFile(join(workspace, '.changeset', file), 'utf8')))
  if (!texts.some(isRelease)) {
    await writeFile(join(workspace, '.changeset/one.md'), "---\n'@posttrain/core': minor\n---\n\nA change.\n")
  }
  await git('init', '--quiet', '--initial-branch', 'main')
  await git('add', '--all')
  await git('commit', '--quiet', '--message', 'Everything')
  before = (await git('rev-parse', 'HEAD')).output
  released = await release()
}, 300_000)

afterAll(async () => {
  delete process.env['npm_config_userconfig']
  delete process.env['GIT_CONFIG_GLOBAL']
  await registry.close()
  for (const folder of [workspace, home]) await rm(folder, { recursive: true, force: true })
})

it('publishes every package in a version of its own making, tagged latest, with ranges to match', async () => {
  expect(released.code, released.output).toBe(0)
  expect([...registry.packages.keys()].sort()).toEqual(packages.map(({ manifest }) => manifest.name).sort())
  for (const { folder, manifest: old } of packages) {
    const { version, dependencies = {} } = await manifestOf(folder)
    expect(version).not.toBe(old.version)
    expect(registry.packages.get(old.name)).toMatchObject({
      'dist-tags': { latest: version },
      versions: { [version]: { license: 'MIT', dependencies } },
    })
    const own = Object.entries(dependencies).filter(([name]) => packageNamed(name))
    expect(
      own.every(([, range]) => range === `^${version}`),
      folder,
    ).toBe(true)
  }
})

it('writes the changesets into changelogs and the versions into the lock file, commits and tags', async () => {
  expect((await git('status', '--porcelain')).output).toBe('')
  expect((await git('rev-parse', 'HEAD~1')).output).toBe(before)
  const tags = (await git('tag')).output.trim().split('\n').sort()
  const lock = JSON.parse(await readFile(join(workspace, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { version: string }>
  }
  const expected = []
  for (const { folder } of packages) {
    const { name, version } = await manifestOf(folder)
    expect(lock.packages[`packages/${folder}`]?.version, folder).toBe(version)
    expect(await readFile(join(workspace, 'packages', folder, 'CHANGELOG.md'), 'utf8')).toContain(`## ${version}\n`)
    expected.push(`${name}@${version}`)
  }
  expect(tags).toEqual(expected.sort())
  expect((await readdir(join(workspace, '.changeset'))).sort()).toEqual(['config.json'])
})

it('publishes nothing twice, and nothing that is not committed', async () => {
  const count = [...registry.packages.values()].flatMap(({ versions }) => Object.keys(versions)).length
  const again = await release()
  expect(again.code, again.output).toBe(0)
  expect([...registry.packages.values()].flatMap(({ versions }) => Object.keys(versions)).length).toBe(count)
  await writeFile(join(workspace, 'README.md'), 'Something else.\n')
  const refused = await release()
  expect(refused.code).toBe(1)
  expect(refused.output).toContain('are not committed')
  await git('checkout', '--quiet', 'README.md')
})

it('gives a stranger packages that install from the registry, type-check and run', async () => {
  // What ours depend on is not in this registry until someone puts it there.
  const third = await run('npm', ['publish', '--ignore-scripts', join(root, 'node_modules/pure-rand')], home)
  expect(third.code, third.output).toBe(0)
  const project = await mkdtemp(join(home, 'project-'))
  await writeFile(join(project, 'package.json'), JSON.stringify({ type: 'module', private: true }))
  const installed = await run('npm', ['install', '@posttrain/estimators'], project)
  expect(installed.code, installed.output).toBe(0)
  for (const file of ['LICENSE', 'README.md', 'dist/index.js', 'dist/index.d.ts', 'src/index.ts']) {
    expect(existsSync(join(project, 'node_modules/@posttrain/estimators', file)), file).toBe(true)
  }
  const { running } = programsOf('packages/estimators/README.md')
  await writeFile(join(project, 'example.ts'), programOf(running))
  for (const name of ['@types/node', 'undici-types']) {
    await cp(join(root, 'node_modules', name), join(project, 'node_modules', name), { recursive: true })
  }
  expect(typeCheck(project, ['example.ts'], 'nodenext')).toBe('')
  const ran = await run(process.execPath, ['out/example.js'], project)
  expect(ran.code, ran.output).toBe(0)
})
