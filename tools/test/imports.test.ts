import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { codeFiles } from '../imports.js'

const folder = mkdtempSync(join(tmpdir(), 'posttrain-'))
afterAll(() => rmSync(folder, { recursive: true }))

it('the code of a folder is what lies in it and in the folders in it, not what is installed', () => {
  mkdirSync(join(folder, 'inner/node_modules/a.js'), { recursive: true }) // a package of this name is a folder
  for (const file of ['b.ts', 'inner/a.mjs', 'inner/c.md', 'inner/node_modules/a.js/index.js']) {
    writeFileSync(join(folder, file), '')
  }
  expect(codeFiles(folder)).toEqual([join(folder, 'b.ts'), join(folder, 'inner/a.mjs')])
})
