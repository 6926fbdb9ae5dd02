// Compiles assembly/ to WebAssembly. The compiler is deterministic: the same sources give the same bytes, which is how
// a test knows that the committed module is current.
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import asc from 'assemblyscript/asc'

const sources = new URL('../assembly/', import.meta.url)

const options = ['-O3', '--noAssert', '--runtime', 'stub', '--use', 'abort=', '--enable', 'simd']

/** The host brings the memory, of at most 4 GiB. */
const memory = ['--importMemory', '--maximumMemory', '65536']

/** The same kernels for a memory that threads share. */
const sharedMemory = [...memory, '--sharedMemory', '--enable', 'threads']

/** The same with fused multiply-add if the machine has it (assembly/simd.ts). */
const relaxed = ['--enable', 'relaxed-simd']

/** @param {string[]} more @returns {Promise<Uint8Array>} the compiled module */
async function compile(more) {
  let binary
  const { error, stderr } = await asc.main(['index.ts', '--outFile', 'kernels.wasm', ...options, ...more], {
    // The compiler also asks for its standard library and for variants of a path (index/index.ts): null is "no".
    readFile: (name) => readFile(fileURLToPath(new URL(name, sources)), 'utf8').catch(() => null),
    writeFile: (name, contents) => {
      if (name === 'kernels.wasm') binary = contents
    },
    listFiles: () => [],
  })
  if (error) throw new Error(`assembly/ does not compile:\n${stderr.toString()}`, { cause: error })
  return binary
}

/**
 * The kernels for an own memory and for a shared one differ in one byte, the flags of the imported memory: one module
 * is carried, and the byte is set if threads are wanted.
 *
 * @param {string[]} more
 * @returns {Promise<{ binary: Uint8Array, memoryFlags: number }>} the module and the place of that byte
 */
async function compileForBothMemories(more) {
  const [binary, shared] = [await compile([...memory, ...more]), await compile([...sharedMemory, ...more])]
  const different = [...binary.keys()].filter((i) => binary[i] !== shared[i])
  const [memoryFlags] = different
  if (shared.length !== binary.length || different.length !== 1 || shared[memoryFlags] !== 3) {
    throw new Error('the modules for own and for shared memory differ by more than the flags of the memory')
  }
  return { binary, memoryFlags }
}

/** @returns {Promise<Record<string, string>>} the TypeScript files that carry the modules, by name */
export async function compileKernels() {
  return {
    'module.generated.ts': moduleFile(await compileForBothMemories([])),
    'module-fused.generated.ts': moduleFile(await compileForBothMemories(relaxed)),
  }
}

/**
 * @param {{ binary: Uint8Array, memoryFlags: number }} kernels
 * @returns {string} the TypeScript file that carries them
 */
function moduleFile({ binary, memoryFlags }) {
  const base64 = Buffer.from(binary).toString('base64')
  return [
    '// Generated from assembly/ by scripts/build-wasm.mjs. Do not edit.',
    '',
    '/** The byte of the module that says what memory it imports: with 3 in it, memory that threads share. */',
    `export const memoryFlagsOffset: number = ${memoryFlags}`,
    '',
    '/** The compiled kernels, a WebAssembly module in base64. */',
    'export const kernelsBase64: string =',
    `  '${base64}'`,
    '',
  ].join('\n')
}
