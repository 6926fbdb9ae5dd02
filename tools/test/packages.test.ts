import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { importTable } from '../import-table.js'
import { commonManifest, licence, manifestFields, manifestText } from '../manifest.js'
import { ownDependencies, packages, readTsconfig, root } from '../workspace.js'

it('every package has a row in the import table, and every row a package', () => {
  expect(Object.keys(importTable).sort()).toEqual(packages.map(({ folder }) => folder))
})

it('all packages share one version', () => {
  expect(new Set(packages.map(({ manifest }) => manifest.version)).size).toBe(1)
})

describe.each(packages.map((one) => [one.folder, one] as const))('packages/%s', (folder, one) => {
  const { path, manifest } = one

  it('has a package.json of the common shape and order', () => {
    expect(manifest).toMatchObject({
      ...commonManifest,
      name: folder === 'cli' ? 'posttrain' : `@posttrain/${folder}`,
      description: expect.stringMatching(/^[A-Z].*\.$/s) as string,
      files: expect.arrayContaining(commonManifest.files) as string[],
    })
    expect(manifest.keywords?.length, 'keywords, for those who search the registry').toBeGreaterThan(2)
    expect(Object.keys(manifest).filter((field) => !manifestFields.includes(field))).toEqual([])
    expect(readFileSync(join(path, 'package.json'), 'utf8')).toBe(manifestText({ ...manifest }))
  })

  it('has the licence beside it, for its tarball', () => {
    expect(readFileSync(join(path, 'LICENSE'), 'utf8')).toBe(licence())
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
  const documents = ['README.md', 'CONTRIBUTING.md', 'LICENSE', 'docs']
  const settings = ['package-lock.json', '.editorconfig', '.nvmrc', '.github/workflows/ci.yml', '.ci/run']
  for (const name of [...documents, ...settings, 'packages', 'tools']) {
    expect(existsSync(join(root, name)), name).toBe(true)
  }
})
