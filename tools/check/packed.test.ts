import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readmeExample } from '../examples.js'
import { packages, root } from '../workspace.js'
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

describe.concurrent.each(packages.map((one) => [one.manifest.name, one] as const))('%s', (name, one) => {
  it('is packed as publint (strict) wants it', async () => {
    const tarball = await readFile(tarballs.get(name)!)
    const { messages, pkg } = await publint({ pack: { tarball: tarball.buffer }, strict: true })
    expect(messages.map((message) => formatMessage(message, pkg, { color: false }))).toEqual([])
  })

  it('carries its licence, its README, its code and its sources, and no build record', async () => {
    const { output } = await run('tar', ['-tzf', tarballs.get(name)!], folder)
    const files = output.split('\n')
    const wanted = ['LICENSE', 'README.md', 'dist/index.js', 'dist/index.d.ts', 'src/index.ts']
    expect(files).toEqual(expect.arrayContaining(wanted.map((file) => `package/${file}`)))
    expect(files.filter((file) => /tsbuildinfo|\/test\//.test(file))).toEqual([])
  })

  it('has types that resolve as its code does', async () => {
    const ended = await run(
      process.execPath,
      [attw, tarballs.get(name)!, '--profile', 'esm-only', '--no-emoji'],
      folder,
    )
    expect(ended.code, ended.output).toBe(0)
  })

  it('installs as its README says, type-checks under nodenext and bundler, and runs its README example', async () => {
    const project = join(folder, one.folder)
    const readme = join(one.path, 'README.md')
    const names = installLine(await readFile(readme, 'utf8'))
    expect(names, 'the first npm install line of README.md').toContain(name)
    await install(names, one, tarballs, project)
    await writeFile(join(project, 'everything.ts'), `export * from '${name}'\n`)
    await writeFile(join(project, 'example.ts'), readmeExample(readme).code)
    for (const resolution of ['nodenext', 'bundler'] as const) {
      expect(typeCheck(project, ['everything.ts', 'example.ts'], resolution), resolution).toBe('')
    }
    const ran = await run(process.execPath, ['out/example.js'], project)
    expect(ran.code, ran.output).toBe(0)
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
