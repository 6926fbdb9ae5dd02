/** Bytes of a cache line, and whole vectors: no two buffers, and no two threads' scratch memories, share a line. */
export const ALIGNMENT = 64

/** The next multiple of the alignment that is at least `bytes`. */
export const align = (bytes: number): number => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT
