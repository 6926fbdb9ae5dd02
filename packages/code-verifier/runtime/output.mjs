/**
 * Standard streams of one run, with a bound on what is written to both together.
 *
 * @param {number} limit bytes
 * @param {(said: object) => never} die called at the first byte beyond
 */
export function boundedOutput(limit, die) {
  let input = new Uint8Array()
  let place = 0
  let chunks = []
  let total = 0
  const count = (bytes) => {
    total += bytes.length
    if (total > limit) die({ kind: 'died', cause: 'output', message: `it wrote more than ${limit} bytes` })
    return bytes.length
  }
  return {
    reset(stdin) {
      input = new TextEncoder().encode(stdin)
      place = total = 0
      chunks = []
    },
    read(buffer) {
      const bytes = input.subarray(place, place + buffer.length)
      buffer.set(bytes)
      place += bytes.length
      return bytes.length
    },
    write(bytes) {
      chunks.push(bytes.slice())
      return count(bytes)
    },
    writeAside: count,
    written: () => Buffer.concat(chunks).toString('utf8'),
  }
}
