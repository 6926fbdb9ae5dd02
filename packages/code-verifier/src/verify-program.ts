import type { CallOptions } from '@posttrain/core'
import { codeVerifier, type CodeVerifierOptions } from './code-verifier.js'
import type { Program } from './program.js'
import type { ProgramVerdict } from './program-verdict.js'

/**
 * Judges a single program. For many, `codeVerifier` keeps its interpreters.
 *
 * @throws PosttrainError as `codeVerifier` and its `verify` do
 * @example
 * ```ts
 * const tests = { assertions: 'assert(half(4) === 2)' }
 * const found = await verifyProgram({ language: 'javascript', code: 'function half(n) { return 1 }', tests })
 * found.verdict // => 'failed'
 * found.reason // => 'assert(half(4) === 2)'
 * ```
 */
export async function verifyProgram(
  program: Program,
  options: CodeVerifierOptions & CallOptions = {},
): Promise<ProgramVerdict> {
  const verifier = codeVerifier(options)
  try {
    return await verifier.verify(program, options)
  } finally {
    verifier.close()
  }
}
