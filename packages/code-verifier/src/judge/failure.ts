import type { FailureCause } from '../program-verdict.js'
import type { Failure } from './ruling.js'

const CAUSES: readonly FailureCause[] = ['assertion', 'error', 'exit', 'timeout', 'memory', 'output']

/**
 * A failure that a program's interpreter reports. It is the program's word: whatever it says, this is a failure, and
 * nothing but the fields of one is taken from it.
 *
 * @param reported anything
 */
export function failureOf(reported: unknown): Failure {
  const { cause, message, module } = (typeof reported === 'object' && reported !== null ? reported : {}) as Readonly<
    Record<string, unknown>
  >
  return {
    verdict: 'failed',
    cause: CAUSES.find((known) => known === cause) ?? 'error',
    message: typeof message === 'string' ? message.slice(0, 400) : 'it broke its interpreter',
    ...(typeof module === 'string' && { module }),
  }
}
