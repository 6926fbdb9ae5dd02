import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
// @ts-expect-error the scripts are JavaScript without declarations
import { compileKernels } from '../scripts/compile.mjs'

describe('src/wasm/module*.generated.ts', () => {
  it('are what the compiler makes of assembly/ (if not: node packages/compute/scripts/build-wasm.mjs)', async () => {
    const files = (await compileKernels()) as Record<string, string>
    expect(Object.keys(files)).toEqual(['module.generated.ts', 'module-fused.generated.ts'])
    for (const [name, contents] of Object.entries(files)) {
      const committed = await readFile(new URL(`../src/wasm/${name}`, import.meta.url), 'utf8')
      expect(committed === contents, name).toBe(true)
    }
  })
})
