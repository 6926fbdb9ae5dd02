import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
// @ts-expect-error the scripts are JavaScript without declarations
import { compileKernels, moduleFile } from '../scripts/compile.mjs'

describe('src/wasm/module.generated.ts', () => {
  it('is what the compiler makes of assembly/ (if not: node packages/compute/scripts/build-wasm.mjs)', async () => {
    const committed = await readFile(new URL('../src/wasm/module.generated.ts', import.meta.url), 'utf8')
    expect(committed === moduleFile(await compileKernels())).toBe(true)
  })
})
