import { invalidData } from '@posttrain/core'

/** Up to here anything may unpack. */
const HARMLESS = 256 * 2 ** 20
/** How much larger than its packed form the text of a log may be. Logs of real models are some 10 times larger. */
const LARGEST_RATIO = 300

/**
 * Counts what comes out of a packed file against what went in.
 *
 * @param name of the file, for the message
 * @returns to be told of the bytes that went in and came out in all
 * @throws PosttrainError `invalid-data`, from what it returns, where no log grows like that
 */
export const growthGuard =
  (name: string) =>
  (packed: number, unpacked: number): void => {
    if (unpacked <= HARMLESS || unpacked <= packed * LARGEST_RATIO) return
    throw invalidData(
      `${name} unpacks to more than ${LARGEST_RATIO} times its size, which no log does`,
      'it is damaged or made to fill the memory; unpack it yourself if you trust it',
    )
  }
