/**
 * What two JavaScript interpreters say to each other: calls, and values by their exact kind.
 *
 * Plain values are copied. Every other object stays where it is, and the other side holds a proxy that asks its owner.
 *
 * @param {(text: string) => string} exchange says a text and waits for the next one
 * @param {boolean} open whether the other side may read what begins with an underscore, and write
 * @param {() => void} settle runs what promises wait for
 */
function makePeer(exchange, open, settle) {
  const { stringify, parse } = JSON
  const kept = []
  const numbers = new Map()
  const remotes = new Map()
  const numberOf = new WeakMap()
  const peer = { ended: undefined, calls: 0 }

  // ── values ──────────────────────────────────────────────────────────────────────────────────────────────────────

  const entriesOf = (value, within) => Array.from(value, (entry) => pack(entry, within))
  /** An object with functions is no plain value: `valueOf` and `then` would run where it is read. */
  const hasFunctions = (value) => Object.keys(value).some((key) => typeof value[key] === 'function')
  const properties = (value, within) => Object.keys(value).map((key) => [key, pack(value[key], within)])

  function pack(value, within = []) {
    switch (typeof value) {
      case 'boolean':
      case 'string':
        return value
      case 'number':
        return Number.isFinite(value) && !Object.is(value, -0)
          ? value
          : { number: Object.is(value, -0) ? '-0' : `${value}` }
      case 'undefined':
        return { undefined: 0 }
      case 'bigint':
        return { bigint: value.toString(16) }
      case 'symbol':
        return { kept: keep(value), type: 'symbol' }
    }
    if (value === null) return null
    if (numberOf.has(value)) return { yours: numberOf.get(value) }
    if (within.includes(value)) throw new RangeError('the value contains itself')
    const inner = [...within, value]
    if (Array.isArray(value)) {
      const packed = []
      for (let i = 0; i < value.length; i++) packed.push(pack(value[i], inner))
      return packed
    }
    if (typeof value === 'function') return { kept: keep(value), type: 'function' }
    const prototype = Object.getPrototypeOf(value)
    if ((prototype === Object.prototype || prototype === null) && !hasFunctions(value)) {
      return { object: properties(value, inner) }
    }
    if (prototype === Map.prototype) return { map: entriesOf(value, inner) }
    if (prototype === Set.prototype) return { set: entriesOf(value, inner) }
    if (prototype === Date.prototype) return { date: pack(Number(value)) }
    if (value instanceof Promise) return { promise: pack(peer.awaited(value), inner) }
    if (ArrayBuffer.isView(value) && typed[prototype.constructor?.name]) {
      return { typed: [prototype.constructor.name, entriesOf(value, inner)] }
    }
    return { kept: keep(value), type: 'object' }
  }

  const typed = {}
  for (const kind of [Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array]) {
    typed[kind.name] = kind
  }
  for (const kind of [Float32Array, Float64Array, BigInt64Array, BigUint64Array]) typed[kind.name] = kind

  function keep(value) {
    if (!numbers.has(value)) {
      numbers.set(value, kept.length)
      kept.push(value)
    }
    return numbers.get(value)
  }

  const object = (entries) => {
    const made = {}
    for (const [key, entry] of entries) {
      const value = unpack(entry)
      if (typeof value === 'function') throw new TypeError('a plain object has no functions')
      Object.defineProperty(made, key, { value, enumerable: true, writable: true, configurable: true })
    }
    return made
  }

  function unpack(packed) {
    if (Array.isArray(packed)) return packed.map(unpack)
    if (typeof packed !== 'object' || packed === null) return packed
    if ('kept' in packed) return remote(packed.kept, packed.type)
    if ('yours' in packed) return kept[packed.yours]
    const [tag] = Object.keys(packed)
    return unpackers[tag](packed[tag])
  }

  const unpackers = {
    __proto__: null,
    undefined: () => undefined,
    number: Number,
    bigint: (digits) => (digits[0] === '-' ? -BigInt(`0x${digits.slice(1)}`) : BigInt(`0x${digits}`)),
    object,
    map: (entries) => new Map(entries.map(unpack)),
    set: (entries) => new Set(entries.map(unpack)),
    date: (time) => new Date(unpack(time)),
    promise: (value) => Promise.resolve(unpack(value)),
    typed: ([name, entries]) => typed[name].from(entries.map(unpack)),
  }

  // ── asking ──────────────────────────────────────────────────────────────────────────────────────────────────────

  function ask(request) {
    if (peer.ended) throw peer.ended
    peer.calls++
    let reply = read(exchange(stringify(request)))
    while ('do' in reply) reply = read(exchange(stringify(serve(reply))))
    if ('died' in reply) throw end(reply.died, String(reply.message))
    if ('threw' in reply) throw thrown(reply.threw)
    return reply
  }

  function read(text) {
    try {
      const reply = parse(text)
      if (typeof reply === 'object' && reply !== null) return reply
    } catch {
      // said below
    }
    throw end('error', 'the program broke the interpreter that it runs in')
  }

  function end(cause, message) {
    peer.ended ??= { cause, message }
    return peer.ended
  }

  const errors = { Error, TypeError, RangeError, SyntaxError, ReferenceError, EvalError, URIError }

  function thrown({ class: name, message, cause }) {
    const error = new (Object.hasOwn(errors, name) ? errors[name] : Error)(String(message).slice(0, 300))
    Object.defineProperty(error, 'ofProgram', {
      value: { cause: String(cause), message: String(message).slice(0, 300) },
    })
    return error
  }

  const valued = (reply) => {
    try {
      return unpack(reply.value)
    } catch {
      throw end('error', 'the program returned something that is no value')
    }
  }

  function call(target, given, how) {
    const reply = ask({ do: how, target, arguments: given.map((entry) => pack(entry)) })
    for (const [i, changed] of (reply.changed ?? []).entries()) {
      if (changed !== null) renew(given[i], unpack(changed.to))
    }
    return 'argument' in reply ? given[reply.argument] : valued(reply)
  }

  function remote(number, type) {
    if (!remotes.has(number)) {
      const target = type === 'function' ? function () {} : {}
      const made = new Proxy(target, {
        apply: (_, self, given) =>
          numberOf.has(Object(self)) ? callOn(self, number, given) : call(number, given, 'call'),
        construct: (_, given) => Object(call(number, given, 'new')),
        get: (_, name) =>
          typeof name === 'symbol' ? symbolOf(made, name) : valued(ask({ do: 'get', target: number, name })),
        set: (_, name, value) =>
          typeof name === 'string' && valued(ask({ do: 'set', target: number, name, value: pack(value) })),
        has: (_, name) => typeof name === 'string' && valued(ask({ do: 'has', target: number, name })) === true,
        getPrototypeOf: () => null,
      })
      numberOf.set(made, number)
      remotes.set(number, made)
    }
    return remotes.get(number)
  }

  const callOn = (self, number, given) => call(number, [self, ...given], 'callOn')

  /** Iterating is all that a proxy does by a symbol: what it would turn into is the program's claim, and no value. */
  function symbolOf(made, name) {
    if (name === Symbol.iterator) {
      return () => {
        const iterator = valued(ask({ do: 'iterate', target: numberOf.get(made) }))
        return { next: () => iterator.next() }
      }
    }
    if (name !== Symbol.toPrimitive) return undefined
    return () => {
      throw new TypeError('the program returned an object where a value is needed')
    }
  }

  // ── answering ───────────────────────────────────────────────────────────────────────────────────────────────────

  function serve(request) {
    try {
      return answer(request)
    } catch (error) {
      if (error === peer.ended && error !== undefined) throw error
      return { threw: description(error) }
    }
  }

  function answer({ do: what, target: number, name, arguments: given = [], value }) {
    const target = kept[number]
    if (what === 'call' || what === 'callOn' || what === 'new') return answerCall(target, what, given)
    if (what === 'iterate') return { value: pack(target[Symbol.iterator]()) }
    if (!open && (name.startsWith('_') || name === 'constructor')) throw new TypeError('not to be had')
    if (what === 'get') return { value: pack(target[name]) }
    if (what === 'has') return { value: name in target }
    if (what === 'set' && open) {
      target[name] = unpack(value)
      return { value: true }
    }
    throw new TypeError('not to be had')
  }

  const isChangeable = (value) =>
    typeof value === 'object' && value !== null && !numberOf.has(value) && !numbers.has(value)

  function answerCall(target, what, given) {
    const all = given.map(unpack)
    const [self, ...rest] = what === 'callOn' ? all : [undefined, ...all]
    const result = what === 'new' ? new target(...rest) : target.apply(self, rest)
    settle()
    const reply = {}
    const after = all.map((value, i) => (isChangeable(value) ? pack(value) : given[i]))
    const changed = after.map((value, i) => (stringify(value) === stringify(given[i]) ? null : { to: value }))
    if (changed.some((value) => value !== null)) reply.changed = changed
    const place = all.indexOf(result)
    if (place >= 0 && isChangeable(result)) return { ...reply, argument: place }
    return { ...reply, value: pack(result) }
  }

  /** The value of a promise, once nothing is left to wait for. */
  peer.awaited = (promise) => {
    let state = 'pending'
    let found
    promise.then(
      (value) => ([state, found] = ['fulfilled', value]),
      (error) => ([state, found] = ['rejected', error]),
    )
    settle()
    if (state === 'fulfilled') return found
    throw state === 'rejected' ? found : new Error('the promise never settles')
  }

  const isRemote = (value) => Object(value) === value && numberOf.has(value)
  /** What the program defines of the names. */
  function names(wanted) {
    const { names: found } = ask({ do: 'names', names: wanted })
    try {
      const given = wanted.filter((name) => Object.hasOwn(found, name)) // and no other: it could be one of the tests' own
      return Object.fromEntries(given.map((name) => [name, unpack(found[name])]))
    } catch {
      throw end('error', 'the program broke the interpreter that it runs in')
    }
  }

  return Object.assign(peer, { pack, unpack, ask, names, serve, end, isRemote, description })
}

/** An error in words, whatever it is and whatever its methods do. */
function description(error) {
  try {
    const name = error instanceof Error ? String(error.name) : 'Error'
    const message = (error instanceof Error ? `${name}: ${String(error.message)}` : `threw ${String(error)}`).slice(
      0,
      300,
    )
    return { class: name, message, cause: /out of memory/.test(message) ? 'memory' : 'error' }
  } catch {
    return { class: 'Error', message: 'an error that cannot be shown', cause: 'error' }
  }
}

/** Gives an object the contents it was given on the other side; what is within stays itself. */
function renew(old, fresh) {
  const plain = (value) => typeof value === 'object' && value !== null
  if (!plain(old) || !plain(fresh) || Array.isArray(old) !== Array.isArray(fresh)) return fresh
  if (Array.isArray(old)) {
    const entries = fresh.map((entry, i) => (i < old.length ? renew(old[i], entry) : entry))
    old.splice(0, old.length, ...entries)
  } else if (old instanceof Map || old instanceof Set) {
    const entries = [...fresh]
    old.clear()
    for (const entry of entries) old instanceof Map ? old.set(...entry) : old.add(entry)
  } else {
    for (const key of Object.keys(old)) if (!Object.hasOwn(fresh, key)) delete old[key]
    for (const key of Object.keys(fresh)) old[key] = renew(old[key], fresh[key])
  }
  return old
}
