import { readdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'
import { blocksOfFile, documents, programOf, programsOf } from '../documents.js'
import { docstringExamples, runnable, toShownPrecision, type Check, type Load } from '../examples.js'
import { packages, root } from '../workspace.js'

const load: Load = async (name) => (await import(/* @vite-ignore */ name)) as Readonly<Record<string, unknown>>
const check: Check = (actual, expected, statement) => {
  expect(toShownPrecision(actual, expected), statement).toEqual(toShownPrecision(expected, expected))
}
const where = ({ file, line }: { file: string; line: number }): string => `${relative(root, file)}:${line}`

describe('an example', () => {
  const run = (code: string): Promise<void> => runnable(code, ['two'])(load, check, [2])

  it('passes where its values are right', async () => {
    await run("import assert from 'node:assert/strict'\nconst x: number = two\nx / 3 // => 0.667\nassert.equal(x, 2)")
    await run(
      'const list = [two, Math.PI] // => [2, 3.1416]\nObject({ a: Float64Array.of(1 / 3) })\n// => { a: [0.333] }',
    )
  })

  it.each(['two // => 3', 'two / 3 // => 0.66', '[two] // => [two, two]', 'const x = two // => 2.5', '2.4 // => 2'])(
    'fails where a value is wrong: %s',
    async (code) => {
      await expect(run(code)).rejects.toThrow()
    },
  )
})

describe('the programs of a document', () => {
  // Of shell and of workflows, commands.test.ts looks up what they call.
  it('are of a language that a test knows', () => {
    const languages = documents.flatMap((file) => blocksOfFile(file).map((block) => `${file} ${block.language}`))
    expect(languages.filter((text) => !/ (ts|sh|yaml|mermaid)$/.test(text))).toEqual(['docs/architecture.md '])
  })

  const running = documents.map((file) => ({ file, ...programsOf(file) })).filter((one) => one.running.length > 0)
  const titled = running.map((one) => [one.file, one.running.length, one.compiling.length, one.running] as const)
  it.each(titled)('%s: %i of %i run', async (_file, _count, _all, blocks) => {
    await runnable(programOf(blocks), [])(load, check, [])
  })

  it('are in the README of every package, and assert what they claim', () => {
    const code = new Map(running.map((one) => [one.file, one.running.map((block) => block.code).join('')]))
    for (const { folder } of packages) {
      expect(code.get(`packages/${folder}/README.md`)).toContain("import assert from 'node:assert/strict'")
    }
    // `// => value` is checked in docstrings only.
    expect([...code].filter(([, text]) => text.includes('// =>'))).toEqual([])
  })
})

const docstrings = packages.map(({ path, manifest }) => {
  const sources = readdirSync(join(path, 'src'), { recursive: true, encoding: 'utf8' }).filter((f) => f.endsWith('.ts'))
  const examples = sources.sort().flatMap((file) => docstringExamples(join(path, 'src', file)))
  return [manifest.name, examples] as const
})

describe.each(docstrings.filter(([, examples]) => examples.length > 0))('%s', (name, examples) => {
  it.each(examples.map((example) => [where(example), example] as const))('%s', async (_, { file, code }) => {
    // An example may use what its package and core export and what stands in its own file, without importing it.
    const scope = { ...(await load('@posttrain/core')), ...(await load(name)), ...(await load(file)) }
    await runnable(code, Object.keys(scope))(load, check, Object.values(scope))
  })
})
