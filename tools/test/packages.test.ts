import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { importTable } from '../import-table.js'
import { ownDependencies, packages, readTsconfig, root } from '../workspace.js'

it('every package has a row in the import table, and every row a package', () => {
  expect(Object.keys(importTable).sort()).toEqual(packages.map(({ folder }) => folder))
})

it('all packages share one version', () => {
  expect(new Set(packages.map(({ manifest }) => manifest.version)).size).toBe(1)
})

describe.each(packages.map((one) => [one.folder, one] as const))('packages/%s', (folder, one) => {
  const { path, manifest } = one

  it('has a package.json of the common shape', () => {
    expect(manifest).toMatchObject({
      name: folder === 'cli' ? 'posttrain' : `@posttrain/${folder}`,
      description: expect.stringMatching(/^[A-Z].*\.$/s) as string,
      license: 'MIT',
      type: 'module',
      sideEffects: false,
      engines: { node: '>=20.19' },
      nx: { name: folder, tags: [expect.stringMatching(/^layer:[a-z]+$/) as string] },
    })
    expect(manifest.files).toEqual(expect.arrayContaining(['dist', '!dist/.tsbuildinfo', 'src']))
    expect(manifest.exports).toMatchObject({
      '.': { '@posttrain/source': './src/index.ts', types: './dist/index.d.ts', default: './dist/index.js' },
      './package.json': './package.json',
    })
  })

  it('depends on what the import table allows, in its present version, and refers to the same in tsconfig.json', () => {
    const dependencies = ownDependencies(one)
    expect(importTable[folder]).toEqual(expect.arrayContaining(dependencies))
    for (const [name, range] of Object.entries(manifest.dependencies ?? {})) {
      if (packages.some((other) => other.manifest.name === name)) expect(range, name).toBe(`^${manifest.version}`)
    }
    const { extends: base, references = [] } = readTsconfig(join(path, 'tsconfig.json'))
    expect(base).toBe('../../tsconfig.base.json')
    expect(references.map((reference) => reference.path)).toEqual(dependencies.map((name) => `../${name}`))
  })

  it('has a README with the package name for its title, and tests that are type-checked', () => {
    expect(readFileSync(join(path, 'README.md'), 'utf8')).toMatch(new RegExp(`^# ${manifest.name}\n`))
    expect(readTsconfig(join(path, 'test/tsconfig.json'))).toEqual({ extends: '../../../tools/tsconfig.test.json' })
    const tests = readdirSync(join(path, 'test'), { recursive: true, encoding: 'utf8' })
    expect(tests.filter((file) => file.endsWith('.test.ts'))).not.toEqual([])
  })
})

it('the root has a lock file, a licence and the folders a newcomer expects', () => {
  for (const name of ['package-lock.json', 'LICENSE', 'README.md', 'docs', 'packages', 'tools', '.ci/run']) {
    expect(existsSync(join(root, name)), name).toBe(true)
  }
})
