// node packages/compute/scripts/build-wasm.mjs: compiles assembly/ into src/wasm/module*.generated.ts.
import { writeFile } from 'node:fs/promises'
import { compileKernels } from './compile.mjs'

for (const [name, contents] of Object.entries(await compileKernels())) {
  await writeFile(new URL(`../src/wasm/${name}`, import.meta.url), contents)
  console.log(`src/wasm/${name}: ${contents.length} bytes`)
}
