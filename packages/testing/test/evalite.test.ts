import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { node } from './program.js'

const installed = fileURLToPath(new URL('./evalite/node_modules', import.meta.url))
const ours = fileURLToPath(new URL('../../../node_modules/@posttrain', import.meta.url))
const isMissing = !existsSync(join(installed, 'evalite'))
const missing = isMissing ? ' (skipped: npm ci --ignore-scripts --prefix packages/testing/test/evalite)' : ''

/** The example of the README, which stands indented: its packages are not installed where the others are compiled. */
const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
const example = readme
  .slice(readme.indexOf('In [evalite]'), readme.indexOf('With any other test tool'))
  .split('\n')
  .filter((line) => line.startsWith('    '))
  .map((line) => line.slice(4))
  .join('\n')

/** Storage without a native module, and our sources instead of what is built of them. */
const files = {
  'evalite.config.ts': `
    import { defineConfig } from 'evalite/config'
    import { createInMemoryStorage } from 'evalite/in-memory-storage'
    export default defineConfig({ storage: () => createInMemoryStorage() })`,
  'vite.config.ts': `
    const conditions = ['@posttrain/source', 'module', 'node', 'development|production']
    export default { resolve: { conditions }, ssr: { resolve: { conditions } } }`,
}

describe.skipIf(isMissing)(`repeatedTest in an evalite of its own${missing}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'posttrain-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  it.each([
    ['passes', example, 0, 'Score  100%'],
    [
      'fails with its figures',
      example.replace(/seed % 3/, 'seed % 3 < 0'),
      1,
      'pass@8 is not shown to be at least 0.9: 0 [',
    ],
  ])('%s', { timeout: 60_000 }, async (name, text, status, said) => {
    const cwd = join(folder, name)
    mkdirSync(join(cwd, 'node_modules'), { recursive: true })
    for (const tool of ['evalite', 'vitest']) symlinkSync(join(installed, tool), join(cwd, 'node_modules', tool))
    symlinkSync(ours, join(cwd, 'node_modules', '@posttrain'))
    for (const [file, content] of Object.entries(files)) writeFileSync(join(cwd, file), content)
    writeFileSync(join(cwd, 'sums.eval.ts'), text)
    const ended = await node([join(installed, 'evalite', 'dist', 'bin.js'), 'run'], cwd)
    expect(ended.output).toContain(said)
    expect(ended.status).toBe(status)
  })
})
