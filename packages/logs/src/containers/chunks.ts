/** Bytes as they come from a file or a stream. */
export type Chunks = AsyncIterable<Uint8Array>
