import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { installedSentence, installedSentencePattern, recordedSizes } from '../sizes.js'
import { packages } from '../workspace.js'

const { installed } = recordedSizes()

it.each(packages.map(({ manifest, path }) => [manifest.name, path] as const))(
  'the README of %s says how it is loaded and what is recorded of its size',
  (name, path) => {
    const sentence = installedSentencePattern.exec(readFileSync(join(path, 'README.md'), 'utf8'))?.[0]
    expect(sentence, '`npm run sizes` writes it anew').toBe(installedSentence(installed[name]!))
  },
)

it.each([
  [123_456, '120 kB'],
  [1_949_000, '1.9 MB'],
  [26_400_000, '26 MB'],
])('%i bytes are said as %s', (bytes, said) => {
  expect(installedSentence({ packages: ['a', 'b'], bytes })).toMatch(new RegExp(`as 2 packages, ${said}\\.$`))
})

it('what chart libraries bring comes with what draws, and not with what writes tables', () => {
  const withVega = Object.entries(installed).filter(([, size]) => size.packages.some((name) => /^(vega|d3)/.test(name)))
  expect(withVega.map(([name]) => name)).toEqual(['posttrain', '@posttrain/recipes'])
})
