import { invalidArgument } from '@posttrain/core'

/**
 * Requires one of a few texts; the compiler does so for TypeScript, nobody for a configuration file.
 *
 * @throws PosttrainError `invalid-argument`, naming the argument, its value and the texts it may have
 */
export function requireOneOf(name: string, value: string, allowed: readonly string[]): void {
  if (!allowed.includes(value)) throw invalidArgument(`${name} must be one of ${allowed.join(', ')}, but is '${value}'`)
}
