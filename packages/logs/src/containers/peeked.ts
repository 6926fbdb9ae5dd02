/**
 * The first bytes of a stream, without taking them from it.
 *
 * @param atLeast bytes to wait for; a shorter stream gives all it has
 * @returns `head`, of exactly that many bytes or fewer, and the whole stream from its beginning
 */
export async function peeked(
  chunks: AsyncIterable<Uint8Array>,
  atLeast: number,
): Promise<{ readonly head: Buffer; readonly whole: AsyncGenerator<Uint8Array> }> {
  const rest = chunks[Symbol.asyncIterator]()
  const first: Uint8Array[] = []
  for (let held = 0; held < atLeast;) {
    const next = await rest.next()
    if (next.done) break
    first.push(next.value)
    held += next.value.length
  }
  const whole = async function* (): AsyncGenerator<Uint8Array> {
    try {
      yield* first
      for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value
    } finally {
      await rest.return?.()
    }
  }
  return { head: Buffer.concat(first).subarray(0, atLeast), whole: whole() }
}
