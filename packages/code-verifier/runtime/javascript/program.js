/**
 * The side of the program: it runs the code, then answers what the other side asks of it.
 *
 * @param {string} text `{ code }`
 * @param {object} host
 * @param {(text: string) => string} host.exchange says a text and waits for the next one
 * @param {(code: string) => unknown} host.evaluate runs code where the program's names are
 * @param {() => void} host.settle runs what promises wait for
 * @param {(line: string) => void} host.print
 */
function serveProgram(text, { exchange, evaluate, settle, print }) {
  const { stringify, parse } = JSON
  const peer = makePeer(exchange, true, settle)
  giveConsole(print)
  let reply = { value: null }
  try {
    evaluate(parse(text).code)
    settle()
  } catch (error) {
    reply = { threw: peer.description(error) }
  }
  for (;;) {
    const request = parse(exchange(stringify(reply)))
    if (request.do === 'end') return '{}'
    reply = request.do === 'names' ? namesOf(peer, request.names, evaluate) : peer.serve(request)
  }
}

/** Those of the names that the program defines, by `function`, `var`, `let`, `const` or `class`. */
function namesOf(peer, names, evaluate) {
  const found = {}
  for (const name of names) {
    try {
      const value = evaluate(name)
      if (value !== undefined) found[name] = peer.pack(value)
    } catch {
      // not defined, or no value that can be told
    }
  }
  return { names: found }
}

/** Runs the code as a main program; `readLine` and `readAll` read what it is given. Returns how it ended. */
function runMain(text, { evaluate, settle, print, read }) {
  const { stringify, parse } = JSON
  const { description } = makePeer(undefined, true, settle)
  const lines = read().split('\n')
  if (lines.at(-1) === '') lines.pop()
  Object.assign(globalThis, { readLine: () => lines.shift() ?? null, print: (...words) => print(words.join(' ')) })
  globalThis.require = (name) => {
    if (/^(node:)?fs$/.test(name)) return { readFileSync: () => read() }
    throw new Error(`there is no module ${name}`)
  }
  giveConsole(print)
  try {
    evaluate(parse(text).code)
    settle()
    return '{}'
  } catch (error) {
    return stringify({ threw: description(error) })
  }
}

function giveConsole(print) {
  const shown = (value) => {
    try {
      return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value)
    } catch {
      return '[object]'
    }
  }
  const log = (...values) => print(values.map(shown).join(' '))
  globalThis.console = { log, info: log, debug: log, warn: log, error: log }
}
