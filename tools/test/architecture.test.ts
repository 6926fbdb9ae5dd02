import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { importTable } from '../import-table.js'
import { root } from '../workspace.js'

const text = readFileSync(join(root, 'docs/architecture.md'), 'utf8')
const read = (path: string): string => readFileSync(join(root, path), 'utf8')

describe('the walk of one prompt', () => {
  const rows = [...text.matchAll(/^\| (\d+) \| `(\w+)` \| (\w+) `([\w/.-]+)` \|/gm)]

  it('is told in order, and its length is the one that is stated', () => {
    expect(rows.map(([, number]) => Number(number))).toEqual(rows.map((_, i) => i + 1))
    const [before] = /`run` →.*?→ `runVariant`/s.exec(text)!
    expect(text).toContain(`it is ${rows.length + before.match(/`\w+`/g)!.length} functions`)
  })

  it.each(rows.map(([, , name, folder, file]) => [name!, `packages/${folder}/src/${file}`]))(
    '%s is in %s',
    (name, file) => {
      expect(read(file)).toMatch(new RegExp(`(function\\*? |const |^  (async )?\\*?)${name}\\b`, 'm'))
    },
  )
})

describe('the table of packages', () => {
  it('has every package, and a file or folder to start at', () => {
    const rows = [...text.matchAll(/^\| \[([\w-]+)\]\(\.\.\/packages\/([\w-]+)\) \| .* \| (.*) \|$/gm)]
    expect(rows.map(([, name]) => name).sort()).toEqual(Object.keys(importTable).sort())
    for (const [, name, folder, places] of rows) {
      expect(folder).toBe(name)
      for (const [, place] of places!.matchAll(/`([\w/.-]+)`/g)) {
        const path = join(root, 'packages', folder!, 'src', place!)
        expect(() => readFileSync(path.endsWith('/') ? `${path}../index.ts` : path), path).not.toThrow()
      }
    }
  })
})
