// node packages/compute/scripts/build-wasm.mjs: compiles assembly/ into src/wasm/module.generated.ts.
import { writeFile } from 'node:fs/promises'
import { compileKernels, moduleFile } from './compile.mjs'

const binary = await compileKernels()
await writeFile(new URL('../src/wasm/module.generated.ts', import.meta.url), moduleFile(binary))
console.log(`src/wasm/module.generated.ts: ${binary.length} bytes of WebAssembly`)
