import { readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import ts from 'typescript'
import { afterAll, describe, expect, it } from 'vitest'
import { programOf, programsOf } from '../documents.js'
import { packages, root } from '../workspace.js'
import { installWords, packAll, run } from './consumer.js'
import { NO_NETWORK, nodeBinary, npmScript } from './node-binary.js'

/** The floor of `engines`, and a late release of each line that is maintained. */
const versions = ['20.19.0', '22.23.3', '24.21.0']

const folder = await mkdtemp(join(tmpdir(), 'posttrain-engines-'))
const project = join(folder, 'project')
await mkdir(project)
await writeFile(join(project, 'package.json'), JSON.stringify({ type: 'module', private: true }))
afterAll(() => rm(folder, { recursive: true, force: true }))

const tarballs = await packAll(packages, join(folder, 'tarballs'))
const nodes = await Promise.all(versions.map(async (version) => ({ version, binary: await nodeBinary(version) })))

/** Optional peers that a README installs beside its package, for versions of Node that lack what they do. */
const peers = packages.flatMap(({ folder: name, manifest }) => {
  const optional = Object.keys(manifest.peerDependenciesMeta ?? {})
  const words = installWords(readFileSync(join(root, 'packages', name, 'README.md'), 'utf8'))
  return words.filter((word) => optional.some((peer) => word === peer || word.startsWith(`${peer}@`)))
})

/** Installs all packages from the registry's or the cache's third parties, and takes no package that refuses this Node. */
const strictInstall = (binary: string, ...flags: string[]) => {
  const quiet = ['--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts']
  return run(
    binary,
    [npmScript, 'install', '--engine-strict', ...quiet, ...flags, ...tarballs.values(), ...peers],
    project,
  )
}
const floor = nodes.find(({ binary }) => binary)?.binary
const installed = floor === undefined ? undefined : await strictInstall(floor)
const offline = installed !== undefined && installed.code !== 0 && NO_NETWORK.test(installed.output)

for (const { folder: name } of packages) {
  const program = programOf(programsOf(`packages/${name}/README.md`).running)
  const options = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext }
  await writeFile(join(project, `${name}.js`), ts.transpileModule(program, { compilerOptions: options }).outputText)
}
const log = [1, 2, 3].map((task) => JSON.stringify({ task_id: `t${task}`, n: 8, c: task })).join('\n')
await writeFile(join(project, 'log.jsonl'), `${log}\n`)

describe.each(nodes)('Node $version', ({ version, binary }) => {
  if (binary === undefined || offline) {
    it.skip('cannot be had here, or the packages that ours depend on: no network, and not in the cache of npm')
    return
  }

  it('takes every package under --engine-strict', async () => {
    expect((await run(binary, ['--version'], project)).output.trim()).toBe(`v${version}`)
    const { code, output } = binary === floor ? installed! : await strictInstall(binary, '--dry-run')
    expect(code, output).toBe(0)
    expect(output).not.toMatch(/EBADENGINE/)
  })

  it.concurrent.each(packages.map(({ folder: name }) => name))('runs the README of %s', async (name) => {
    const ran = await run(binary, [`${name}.js`], project)
    expect(ran.code, ran.output).toBe(0)
  })

  it('evaluates a log with the command', async () => {
    const command = join(project, 'node_modules/posttrain/bin/posttrain.js')
    const ran = await run(binary, [command, 'evaluate', 'log.jsonl', '--k', '1,8', '--json'], project)
    expect(ran.code, ran.output).toBe(0)
    expect(ran.output).toContain('0.25') // mean of 1/8, 2/8 and 3/8
  })

  it('loads every package by require', async () => {
    const names = packages.map(({ manifest }) => manifest.name)
    const script = `for (const name of ${JSON.stringify(names)}) console.log(name, Object.keys(require(name)).length > 0)`
    await writeFile(join(project, 'common.cjs'), script)
    const ran = await run(binary, ['--disable-warning=ExperimentalWarning', 'common.cjs'], project)
    expect(ran.output.trim().split('\n')).toEqual(names.map((name) => `${name} true`))
  })
})
