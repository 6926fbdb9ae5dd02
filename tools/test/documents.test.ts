import { expect, it } from 'vitest'
import { blocksOf, documents, programOf } from '../documents.js'
import { packages } from '../workspace.js'

const text = [
  '# Title',
  '<!--',
  '```ts',
  "import { a } from 'x'",
  'const b = a',
  '```',
  '-->',
  '```sh',
  'npm install x',
  '```',
  'Words.',
  '```ts no-run',
  "import c from 'y'",
  '// A comment.',
  'const b = c',
  '```',
].join('\n')

it('documents are those of the root, its folders and every package', () => {
  const expected = ['CONTRIBUTING.md', 'README.md', 'docs/architecture.md', 'examples/README.md']
  expect(documents).toEqual(
    expect.arrayContaining([...expected, ...packages.map(({ folder }) => `packages/${folder}/README.md`)]),
  )
})

it('blocks are found with language, flags and line, in comments too', () => {
  expect(blocksOf(text).map(({ code, ...rest }) => rest)).toEqual([
    { language: 'ts', flags: [], line: 4 },
    { language: 'sh', flags: [], line: 9 },
    { language: 'ts', flags: ['no-run'], line: 13 },
  ])
})

it('a program has the blocks inside each other, at their lines, with the imports before all', () => {
  const blocks = blocksOf(text).filter(({ language }) => language === 'ts')
  const lines = programOf(blocks).split('\n')
  expect(lines[0]).toBe("import { a } from 'x';import c from 'y';")
  expect(lines.slice(1, 5)).toEqual(['', '{', '', 'const b = a'])
  expect(lines.slice(10)).toEqual(['', '{', '', '// A comment.', 'const b = c', '}}', ''])
})
