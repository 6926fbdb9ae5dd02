/** Throws unless two numbers agree to `tolerance` times `scale`, naming both. */
export function requireClose(what: string, actual: number, expected: number, tolerance: number, scale = 1): void {
  // `!(≤)` so that NaN fails too
  if (!(Math.abs(actual - expected) <= tolerance * Math.max(1, scale))) {
    throw new Error(`${what} is ${actual}, but must be ${expected} (difference ${actual - expected})`)
  }
}

/** Throws unless a statement holds. */
export function requireThat(holds: boolean, message: () => string): void {
  if (!holds) throw new Error(message())
}

/** True if the call throws an error with this code. */
export function throwsCode(code: string, call: () => unknown): boolean {
  try {
    call()
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === code
  }
  return false
}
