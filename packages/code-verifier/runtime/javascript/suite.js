/**
 * The side of the tests: it runs them on values alone. The program's interpreter never sees them.
 *
 * @param {string} text the tests: `{ assertions, setup?, entryPoint? }` or `{ entryPoint, pairs }`
 * @param {object} host as that of the program
 * @returns {string} the ruling
 */
function serveSuite(text, { exchange, evaluate, settle }) {
  const { assertions = PAIRS, setup = '', entryPoint, pairs } = JSON.parse(text)
  const peer = makePeer(exchange, false, settle)
  const checks = { count: 0 }
  const ruling = () => {
    const unusable = (what, error) => ({ verdict: 'unscored', message: `${what}: ${description(error).message}` })
    let run
    try {
      run = new AsyncFunction(entryPoint === undefined ? assertions : `${assertions}\n${CHECK}`)
    } catch (error) {
      return unusable('the tests are no JavaScript', error)
    }
    try {
      evaluate(setup)
    } catch (error) {
      return unusable('the setup fails', error)
    }
    Object.assign(globalThis, assertionsCounting(checks, peer), {
      __pairs__: pairs,
      __checked__: () => checks.count > 0,
    })
    const error = failureOf(() => {
      bindProgram(peer, `${assertions} ${entryPoint ?? ''}`, entryPoint, evaluate)
      peer.awaited(run())
    })
    if (peer.ended) return { verdict: 'failed', ...peer.ended }
    if (error !== undefined) return rulingOfError(error.thrown, peer, assertions)
    const called = peer.calls > 1
    if (checks.count > 0) return { verdict: 'passed', checks: checks.count }
    if (called && /\bthrow\b/.test(assertions)) return { verdict: 'passed', checks: 1 }
    if (called && /\bassert/.test(assertions)) {
      return { verdict: 'failed', cause: 'assertion', message: 'no assertion was reached' }
    }
    return { verdict: 'unscored', message: 'the tests check nothing' }
  }
  return JSON.stringify(ruling())
}

const AsyncFunction = (async () => {}).constructor

const PAIRS = 'for (const pair of __pairs__) assertDeepEqual(candidate(...pair.arguments), pair.expected)'

/** After the tests: what calls their `check`, if they did not. */
const CHECK = "if (!__checked__() && typeof check === 'function') await check(candidate)"

class AssertionFailed extends Error {}

function failureOf(work) {
  try {
    work()
    return undefined
  } catch (thrown) {
    return { thrown }
  }
}

function rulingOfError(error, peer, source) {
  if (error?.ofProgram) return { verdict: 'failed', ...error.ofProgram }
  if (error instanceof AssertionFailed) {
    const line = Number(/<input>:(\d+)/.exec(error.stack)?.[1])
    const said = source.split('\n')[line - LINES_BEFORE - 1]?.trim() ?? ''
    const message = [said.slice(0, 300), error.message].filter(Boolean).join(': ')
    return { verdict: 'failed', cause: 'assertion', message }
  }
  const { message } = description(error)
  if (peer.calls <= 1 && !(error instanceof ReferenceError)) {
    return { verdict: 'unscored', message: `the tests failed before they called the program: ${message}` }
  }
  return { verdict: 'failed', cause: 'error', message }
}

/** Lines that the function around the tests puts before them. */
const LINES_BEFORE = 2

/** What the tests name and neither the language nor the setup has, as the program defines it. */
function bindProgram(peer, source, entryPoint, evaluate) {
  const words = new Set(source.match(/[A-Za-z_$][\w$]*/g))
  const isFree = (word) => {
    if (word === entryPoint) return true
    if (word === 'check' || word === 'candidate' || word === 'require') return false
    try {
      return evaluate(`typeof ${word}`) === 'undefined'
    } catch {
      return false // a word of the language
    }
  }
  const found = peer.names([...words].filter(isFree))
  Object.assign(globalThis, found)
  globalThis.require = (path) => {
    if (/^(node:)?assert(\/strict)?$/.test(path)) return assert
    if (/^\.{1,2}\//.test(path)) return found
    throw new Error(`the tests require ${path}, which is not here`)
  }
  if (entryPoint === undefined) return
  if (!(entryPoint in found)) throw peer.end('error', `the program defines no ${entryPoint}`)
  globalThis.candidate = found[entryPoint]
}

/** The assertions that tests may use, as node:assert names them and as free functions. */
function assertionsCounting(checks, peer) {
  const require = (holds, message) => {
    checks.count++
    if (!holds) throw new AssertionFailed(message instanceof Error || message === undefined ? '' : String(message))
  }
  const deepEqual = (a, b) => sameValue(a, b, peer.isRemote)
  const throws = (work) => {
    const { ended } = peer
    const error = failureOf(work)
    if (ended !== peer.ended) throw peer.ended
    require(error !== undefined, 'nothing was thrown')
  }
  const assert = (value, message) => require(value, message)
  Object.assign(assert, {
    ok: assert,
    equal: (a, b, message) => require(Object.is(a, b) || a === b, message),
    strictEqual: (a, b, message) => require(Object.is(a, b), message),
    notEqual: (a, b, message) => require(a !== b, message),
    notStrictEqual: (a, b, message) => require(!Object.is(a, b), message),
    deepEqual: (a, b, message) => require(deepEqual(a, b), message),
    deepStrictEqual: (a, b, message) => require(deepEqual(a, b), message),
    notDeepEqual: (a, b, message) => require(!deepEqual(a, b), message),
    notDeepStrictEqual: (a, b, message) => require(!deepEqual(a, b), message),
    match: (text, pattern, message) => require(typeof text === 'string' && pattern.test(text), message),
    throws,
    async rejects(work) {
      const outcome = Promise.resolve(typeof work === 'function' ? work() : work)
      const rejected = await outcome.then(
        () => false,
        () => true,
      )
      require(rejected, 'nothing was rejected')
    },
  })
  assert.strict = assert
  return {
    assert,
    assertEqual: assert.equal,
    assertDeepEqual: assert.deepEqual,
    assertThrows: throws,
    console: { log() {}, error() {}, warn() {}, info() {} },
  }
}

/** Equality of plain values by kind and content. An object of the program is equal to itself alone. */
function sameValue(a, b, isRemote) {
  if (Object.is(a, b) || a === b) return true
  const isObject = (value) => typeof value === 'object' && value !== null
  if (!isObject(a) || !isObject(b) || isRemote(a) || isRemote(b)) return false
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false
  const same = (x, y) => sameValue(x, y, isRemote)
  if (a instanceof Date) return Object.is(Number(a), Number(b))
  if (a instanceof Map) {
    return a.size === b.size && [...a].every(([key, value]) => b.has(key) && same(value, b.get(key)))
  }
  if (a instanceof Set) {
    return a.size === b.size && [...a].every((value) => b.has(value) || [...b].some((other) => same(value, other)))
  }
  const keys = Object.keys(a)
  if (a.length !== b.length || keys.length !== Object.keys(b).length) return false
  return keys.every((key) => Object.hasOwn(b, key) && same(a[key], b[key]))
}
