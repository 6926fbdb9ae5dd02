import { constants, readSync, writeSync } from 'node:fs'

/**
 * Texts to and from a process, one JSON text to a line, on its standard streams. Like a mailbox it waits without
 * returning to the event loop.
 */
export function openPipe() {
  const chunk = Buffer.alloc(65_536)
  let pending = []
  let lines = []
  const receive = () => {
    while (lines.length === 0) {
      const length = readWhenReady(0, chunk, 0)
      if (length === 0) return undefined
      const parts = chunk.toString('latin1', 0, length).split('\n')
      pending.push(parts[0])
      for (const part of parts.slice(1)) {
        lines.push(Buffer.from(pending.join(''), 'latin1').toString('utf8'))
        pending = [part]
      }
    }
    return JSON.parse(lines.shift())
  }
  const send = (said) => {
    const bytes = Buffer.from(`${JSON.stringify(said)}\n`)
    for (let sent = 0; sent < bytes.length; ) sent += writeSync(1, bytes, sent)
  }
  return { send, receive }
}

/** As many bytes of a descriptor. */
export function readAll(descriptor, length) {
  const bytes = new Uint8Array(length)
  for (let read = 0; read < length; ) {
    const more = readWhenReady(descriptor, bytes, read)
    if (more === 0) throw new Error('the other end was closed')
    read += more
  }
  return bytes
}

/** A pipe beyond the standard streams may answer that nothing is there yet. */
function readWhenReady(descriptor, bytes, offset) {
  for (;;) {
    try {
      return readSync(descriptor, bytes, offset, bytes.length - offset, null)
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1)
    }
  }
}

/** Emscripten reads the constants of files by a call that Node's permission model refuses as a whole. */
export function allowConstants() {
  process.binding = () => ({ fs: constants })
}
