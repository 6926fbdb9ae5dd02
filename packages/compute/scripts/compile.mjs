// Compiles assembly/ to WebAssembly. The compiler is deterministic: the same sources give the same bytes, which is how
// a test knows that the committed module is current.
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import asc from 'assemblyscript/asc'

const sources = new URL('../assembly/', import.meta.url)

/** @returns {Promise<Uint8Array>} the compiled module */
export async function compileKernels() {
  let binary
  const { error, stderr } = await asc.main(
    [
      'index.ts',
      '--outFile',
      'kernels.wasm',
      '-O3',
      '--noAssert',
      '--runtime',
      'stub',
      '--use',
      'abort=',
      '--enable',
      'simd',
    ],
    {
      // Paths of the standard library and of absent variants (index.ts, index/index.ts) come by here too: null is "no".
      readFile: (name) => readFile(fileURLToPath(new URL(name, sources)), 'utf8').catch(() => null),
      writeFile: (name, contents) => {
        if (name === 'kernels.wasm') binary = contents
      },
      listFiles: () => [],
    },
  )
  if (error) throw new Error(`assembly/ does not compile:\n${stderr.toString()}`, { cause: error })
  return binary
}

/** @param {Uint8Array} binary @returns {string} the TypeScript file that carries it */
export function moduleFile(binary) {
  const base64 = Buffer.from(binary).toString('base64')
  return [
    '// Generated from assembly/ by scripts/build-wasm.mjs. Do not edit.',
    '',
    '/** The compiled kernels, a WebAssembly module in base64. */',
    'export const kernelsBase64: string =',
    `  '${base64}'`,
    '',
  ].join('\n')
}
