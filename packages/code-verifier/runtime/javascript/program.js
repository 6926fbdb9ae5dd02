/**
 * The side of the program: it runs the code, then answers what the other side asks of it.
 *
 * @param {string} text `{ code }`
 * @param {object} host
 * @param {(text: string) => string} host.exchange says a text and waits for the next one
 * @param {(code: string) => unknown} host.evaluate runs code where the program's names are
 * @param {() => void} host.settle runs what promises wait for
 * @param {(line: string) => void} host.print
 * @param {(line: string) => void} host.complain writes to standard error
 */
function serveProgram(text, { exchange, evaluate, settle, print, complain }) {
  const { stringify, parse } = JSON
  const peer = makePeer(exchange, true, settle)
  giveConsole(print, complain)
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

/** Runs the code as a main program, which reads by `readLine` or of `fs`. Returns its exit status, and the error it ended with. */
function runMain(text, { evaluate, settle, print, complain, read }) {
  const { stringify, parse } = JSON
  const { description } = makePeer(undefined, true, settle)
  const lines = read().split('\n')
  if (lines.at(-1) === '') lines.pop()
  Object.assign(globalThis, { readLine: () => lines.shift() ?? null, print: (...words) => print(words.join(' ')) })
  globalThis.require = (name) => {
    if (/^(node:)?fs$/.test(name)) return { readFileSync: () => read() }
    throw new Error(`there is no module ${name}`)
  }
  giveConsole(print, complain)
  try {
    evaluate(parse(text).code)
    settle()
    return '{"status":0}'
  } catch (error) {
    const threw = description(error)
    complain(traceOf(error, threw.message))
    return stringify({ status: 1, threw })
  }
}

/** The error as Node writes it: its words, then where it was thrown, but for our own frames. */
function traceOf(error, words) {
  try {
    const frames = String(error.stack).split('\n')
    return [words, ...frames.filter((line) => line.includes('solution.js'))].join('\n')
  } catch {
    return words
  }
}

function giveConsole(print, complain) {
  const shown = (value) => {
    try {
      return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value)
    } catch {
      return '[object]'
    }
  }
  const to =
    (write) =>
    (...values) =>
      write(values.map(shown).join(' '))
  const [log, error] = [to(print), to(complain)]
  globalThis.console = { log, info: log, debug: log, warn: error, error }
}
