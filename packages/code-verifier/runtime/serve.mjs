/**
 * The life of an interpreter: it says `ready`; then for each text that starts something it runs, asks in between, and
 * says `done`. Each run finds it as the first one did.
 *
 * @param {ReturnType<typeof import('./mailbox.mjs').openMailbox>} channel its `receive` gives undefined once the other end is closed
 * @param {{ run(text: string): object, restore(): boolean }} interpreter
 */
export function serve({ send, receive }, interpreter) {
  send({ kind: 'ready' })
  for (;;) {
    const text = receive()
    if (text === undefined) return
    const done = interpreter.run(text)
    send({ kind: 'done', reusable: interpreter.restore(), ...done })
  }
}

/** What an interpreter says and waits for in the middle of a run. */
export function conversationOn({ send, receive }) {
  return {
    exchange(text) {
      send({ kind: 'ask', text: String(text) })
      return receive()
    },
    die(said) {
      send(said)
      for (;;) receive()
    },
  }
}
