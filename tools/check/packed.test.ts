import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { documents, programOf, programsOf } from '../documents.js'
import { packageNamed, packages, root } from '../workspace.js'
import { install, installLine, packAll, run } from './consumer.js'
import { typeCheck } from './type-check.js'

const attw = join(root, 'node_modules/@arethetypeswrong/cli/dist/index.js')

let folder: string
let tarballs: ReadonlyMap<string, string>

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'posttrain-packed-'))
  tarballs = await packAll(packages, join(folder, 'tarballs'))
})

afterAll(() => rm(folder, { recursive: true, force: true }))

/** How many programs of a document run, for the title of the test that runs them. */
function countOf(document: string): string {
  const { compiling, running } = programsOf(document)
  return `runs ${running.length} of its ${compiling.length} programs, all of which compile`
}

/** Type-checks files of a project and all programs of a document, and runs those that can run. */
async function tryPrograms(document: string, project: string, files: readonly string[] = []): Promise<void> {
  const { compiling, running } = programsOf(document)
  await writeFile(join(project, 'compiling.ts'), programOf(compiling))
  await writeFile(join(project, 'running.ts'), programOf(running))
  expect(typeCheck(project, [...files, 'compiling.ts', 'running.ts'], 'nodenext')).toBe('')
  const ran = await run(process.execPath, ['out/running.js'], project)
  expect(ran.code, ran.output).toBe(0)
}

describe.concurrent.each(packages.map((one) => [one.manifest.name, one] as const))('%s', (name, one) => {
  it('is packed as publint (strict) wants it', async () => {
    const tarball = await readFile(tarballs.get(name)!)
    const { messages, pkg } = await publint({ pack: { tarball: tarball.buffer }, strict: true })
    expect(messages.map((message) => formatMessage(message, pkg, { color: false }))).toEqual([])
  })

  it('carries its licence, its README, its code and its sources, and nothing of the workspace', async () => {
    const unpacked = join(folder, `${one.folder}-unpacked`)
    await mkdir(unpacked)
    await run('tar', ['-xzf', tarballs.get(name)!, '-C', unpacked, '--strip-components=1'], folder)
    const files = await readdir(unpacked, { recursive: true })
    const wanted = ['LICENSE', 'README.md', 'dist/index.js', 'dist/index.d.ts', 'src/index.ts']
    expect(files).toEqual(expect.arrayContaining(wanted))
    expect(files.filter((file) => /tsbuildinfo|(^|\/)test\/|\.test\./.test(file))).toEqual([])
    for (const file of files.filter((one) => /\.(js|ts|map)$/.test(one))) {
      const text = await readFile(join(unpacked, file), 'utf8')
      expect(text.includes(root), `${file} names a folder of this machine`).toBe(false)
      if (!file.endsWith('.map')) continue
      const { sources } = JSON.parse(text) as { sources: string[] }
      const missing = sources.filter((source) => !files.includes(join(dirname(file), source)))
      expect(missing, `sources of ${file}; a dist that is older than its sources is to be removed and built`).toEqual(
        [],
      )
    }
  })

  it('has types that resolve as its code does', async () => {
    const ended = await run(
      process.execPath,
      [attw, tarballs.get(name)!, '--profile', 'esm-only', '--no-emoji'],
      folder,
    )
    expect(ended.code, ended.output).toBe(0)
  })

  const readme = `packages/${one.folder}/README.md`
  it(`installs as its README says, type-checks in every kind of project, and ${countOf(readme)}`, async () => {
    const project = join(folder, one.folder)
    const names = installLine(await readFile(join(root, readme), 'utf8'))
    expect(names, 'the first npm install line of README.md').toContain(name)
    await install(names, one, tarballs, project)
    await writeFile(join(project, 'everything.ts'), `export * from '${name}'\n`)
    for (const kind of ['bundler', 'bare'] as const) {
      expect(typeCheck(project, ['everything.ts'], kind), kind).toBe('')
    }
    const common = `import all = require('${name}')\nconsole.log(Object.keys(all).length)\n`
    await writeFile(join(project, 'common.cts'), common)
    await tryPrograms(readme, project, ['everything.ts', 'common.cts'])
    const required = await run(process.execPath, ['out/common.cjs'], project)
    expect(required.code, required.output).toBe(0)
    expect(Number.parseInt(required.output), 'names that require() gives').toBeGreaterThan(0)
  })

  const bins = Object.entries((one.manifest.bin ?? {}) as Record<string, string>)
  it.each(bins)('has a command %s that says how it is used', async (_, file) => {
    const project = join(folder, `${one.folder}-bin`)
    await install([name], one, tarballs, project)
    const ended = await run(process.execPath, [join(project, 'node_modules', name, file), '--help'], project)
    expect(ended.code, ended.output).toBe(0)
    expect(ended.output).toMatch(/usage/i)
  })
})

const others = documents.filter((file) => !file.startsWith('packages/') && programsOf(file).compiling.length > 0)
it.each(others.map((file) => [file, countOf(file)] as const))('%s, with all packages installed, %s', async (file) => {
  const project = join(folder, 'all')
  const all = packages.map(({ manifest }) => manifest.name)
  await install(all, packageNamed('@posttrain/laws')!, tarballs, project)
  await tryPrograms(file, project)
})
