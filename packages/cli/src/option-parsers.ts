import { InvalidArgumentError } from 'commander'

/** An option's whole number. */
export const integer =
  (min: number) =>
  (text: string): number => {
    const value = Number(text)
    if (text.trim() === '' || !Number.isSafeInteger(value) || value < min) {
      throw new InvalidArgumentError(
        `It must be a whole number of at least ${min} and at most ${Number.MAX_SAFE_INTEGER}.`,
      )
    }
    return value
  }

/** An option's positive number. */
export function positive(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !Number.isFinite(value) || value <= 0) {
    throw new InvalidArgumentError('It must be a positive number.')
  }
  return value
}

/** An option's number that is not negative. */
export function notNegative(text: string): number {
  const value = finite(text)
  if (value < 0) throw new InvalidArgumentError('It must not be negative.')
  return value
}

/** An option's number. */
export function finite(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('It must be a number.')
  return value
}

/** An option's share, without its ends. */
export function share(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !(value > 0 && value < 1)) {
    throw new InvalidArgumentError('It must be a number between 0 and 1, for instance 0.95.')
  }
  return value
}

/** Collects the values of an option that may be repeated. */
export const repeatable = (value: string, previous: readonly string[] = []): readonly string[] => [...previous, value]
