/**
 * Standard streams of one run, with a bound on what is written to both together.
 *
 * @param {number} limit bytes
 * @param {(said: object) => never} die called at the first byte beyond
 */
export function boundedOutput(limit, die) {
  let input = new Uint8Array()
  let place = 0
  let chunks = { stdout: [], stderr: [] }
  let total = 0
  const written = () => ({ stdout: textOf(chunks.stdout), stderr: textOf(chunks.stderr) })
  const writeTo = (name) => (bytes) => {
    chunks[name].push(bytes.slice(0, limit - total))
    total += bytes.length
    if (total > limit)
      die({ kind: 'died', cause: 'output', message: `it wrote more than ${limit} bytes`, ...written() })
    return bytes.length
  }
  return {
    reset(stdin) {
      input = new TextEncoder().encode(stdin)
      place = total = 0
      chunks = { stdout: [], stderr: [] }
    },
    read(buffer) {
      const bytes = input.subarray(place, place + buffer.length)
      buffer.set(bytes)
      place += bytes.length
      return bytes.length
    },
    write: writeTo('stdout'),
    complain: writeTo('stderr'),
    written,
  }
}

const textOf = (chunks) => Buffer.concat(chunks).toString('utf8')
