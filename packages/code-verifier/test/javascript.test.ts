import { afterAll, describe, expect, it } from 'vitest'
import { codeVerifier } from '../src/code-verifier.js'
import type { ProgramTests } from '../src/program.js'

const verifier = codeVerifier({ limits: { seconds: 10, memory: 64 * 2 ** 20, output: 100_000 } })
afterAll(() => verifier.close())
const SLOW = { timeout: 60_000 }

const judge = (code: string, tests: ProgramTests | string) =>
  verifier.verify({ language: 'javascript', code, tests: typeof tests === 'string' ? { assertions: tests } : tests })

const solve = 'assert(solve(3) === 14)\nassert(solve(10) === 385)'
const forgeNames =
  'const real = JSON.stringify; JSON.stringify = function (r) { return real(r) }; const assign = Object.assign; function solve() { return 0 }'

describe('programs that do not solve their task fail, whatever they do', () => {
  it.each([
    [
      'a value by turns',
      'let k = 0; const solve = () => ({ [Symbol.toPrimitive]: () => [14, 385][k++] })',
      'assert(solve(3) == 14); assert(solve(10) == 385)',
    ],
    [
      'a text by turns',
      'let k = 0; class A { toString() { return ["14", "385"][k++] } }; const solve = () => new A()',
      'assert(`${solve(3)}` === "14")',
    ],
    ['valueOf in a list', 'const solve = () => [{ valueOf: () => 14 }]', 'assert(solve(3) == 14)'],
    ['a thenable', 'const solve = () => ({ then(f) { f(14) } })', 'assert(await solve(3) === 15)'],
    ['a text for a number', 'const solve = () => "14"', 'assertEqual(solve(3), 14)'],
    ['a proxy of a number', 'const solve = () => new Proxy(Object(14), {})', 'assert(solve(3) == 14)'],
    [
      'an array that is no array',
      'const solve = () => ({ length: 2, 0: 1, 1: 2 })',
      'assertDeepEqual(solve(3), [1, 2])',
    ],
    [
      'a set with an entry more',
      'const solve = () => new Set([1, 2, 3])',
      'assertDeepEqual(solve(3), new Set([1, 2]))',
    ],
    ['a key more', 'const solve = () => ({ a: 1, b: undefined })', 'assertDeepEqual(solve(3), { a: 1 })'],
    [
      'assert of its own',
      'var assert = () => {}; const assertEqual = assert; function solve() { return 0 }',
      'assertEqual(solve(3), 14)',
    ],
    ['functions of the language', forgeNames, solve],
    [
      'a global of the same name',
      'globalThis.Math = { abs: () => 0 }; function solve() { return 0 }',
      'assert(Math.abs(solve(3) - 14) < 1e-6)',
    ],
    [
      'a check of its own',
      'function check() {} ; function solve() { return 0 }',
      { assertions: 'function check(candidate) { assert(candidate(3) === 14) }', entryPoint: 'solve' },
    ],
    ['an exception that is no error', 'function solve() { throw null }', solve],
    ['a syntax error', 'function solve( { return 14 }', solve],
    ['an import', "import fs from 'fs'; function solve() { return 14 }", solve],
    ['no such function', 'function solved() { return 14 }', solve],
    ['nothing to check', 'const solve = () => []', 'for (const x of solve(3)) assert(x === 14)'],
    [
      'an endless chain of promises that it waits for',
      'const solve = () => new Promise(() => {})',
      'assert(await solve(3) === 14)',
    ],
    ['a value that contains itself', 'const solve = () => { const a = []; a.push(a); return a }', solve],
    ['a deep value', 'const solve = () => { let x = 1; for (let i = 0; i < 1e5; i++) x = [x]; return x }', solve],
  ])('%s', SLOW, async (_, code, tests) => {
    const found = await judge(code, tests)
    expect(found.verdict, found.reason).toBe('failed')
  })
})

describe('honest programs pass', () => {
  it.each([
    [
      'numbers',
      'const solve = () => [NaN, -0, Infinity, 1e21]',
      'const [a, b, c, d] = solve(); assert(Object.is(a, NaN)); assert(Object.is(b, -0)); assert(c === Infinity && d === 1e21)',
    ],
    [
      'values',
      'const solve = () => ({ a: [1, null, undefined], b: new Map([[1, { c: 2n ** 70n }]]), d: new Set("x"), e: new Date(5) })',
      'assertDeepEqual(solve(), { a: [1, null, undefined], b: new Map([[1, { c: 2n ** 70n }]]), d: new Set("x"), e: new Date(5) })',
    ],
    [
      'typed arrays',
      'const solve = () => Float64Array.of(1, NaN)',
      'const x = solve(); assert(x instanceof Float64Array && x.length === 2 && x[0] === 1)',
    ],
    ['negative great integers', 'const solve = () => -(2n ** 70n)', 'assert(solve() === -(2n ** 70n))'],
    [
      'keys of prototypes',
      'const solve = () => JSON.parse(`{"__proto__": 1}`)',
      'const x = solve(); assert(Object.keys(x)[0] === "__proto__"); assert(({}).polluted === undefined)',
    ],
    [
      'node:assert',
      'const solve = (n) => n',
      "const assert = require('node:assert/strict'); assert.equal(solve(1), 1); assert.deepEqual(solve([1]), [1]); assert.throws(() => { throw 1 })",
    ],
    [
      'the program as a module',
      'function solve(n) { return n }',
      "const { solve } = require('./solution'); assert(solve(1) === 1)",
    ],
    [
      'exceptions',
      'const solve = () => { throw new RangeError("no") }',
      'try { solve(); assert(false) } catch (e) { assert(e instanceof RangeError && e.message.includes("no")) }\nassertThrows(solve)',
    ],
    [
      'functions that the tests pass',
      'const solve = (f, xs) => xs.map((x) => f(x))',
      'assertDeepEqual(solve((x) => x * 2, [1, 2]), [2, 4])',
    ],
    ['functions that the program returns', 'const solve = (n) => (m) => n + m', 'assert(solve(1)(2) === 3)'],
    [
      'arguments changed in place',
      'const solve = (xs) => { xs.sort(); xs[0].push(9) }',
      'const inner = [1]; const xs = [[2], inner]; solve(xs); assertDeepEqual(xs, [[1, 9], [2]])',
    ],
    [
      'an argument returned',
      'const solve = (xs) => xs.reverse()',
      'const xs = [1, 2]; assert(solve(xs) === xs && xs[0] === 2)',
    ],
    [
      'classes',
      'class Stack { #xs = []; push(x) { this.#xs.push(x); return this } get size() { return this.#xs.length } *[Symbol.iterator]() { yield* this.#xs } }',
      'const s = new Stack(); s.push(1).push(2); assert(s.size === 2); assertDeepEqual([...s], [1, 2])',
    ],
    [
      'objects with methods',
      'const solve = () => { let n = 0; return { add: () => ++n } }',
      'const o = solve(); o.add(); assert(o.add() === 2)',
    ],
    [
      'promises',
      'const solve = async (n) => { await null; return n }',
      'assert(await solve(3) === 3); assert((await Promise.all([solve(1), solve(2)])).length === 2)',
    ],
    [
      'check',
      'const solve = (n) => n',
      { assertions: 'function check(candidate) { assert(candidate(3) === 3) }', entryPoint: 'solve' },
    ],
    [
      'pairs',
      'const solve = (a, b) => [a, b]',
      { entryPoint: 'solve', pairs: [{ arguments: [1, 'x'], expected: [1, 'x'] }] },
    ],
    ['tests that throw of their own accord', 'const solve = (n) => n', 'if (solve(3) !== 3) throw new Error("wrong")'],
    [
      'streams',
      "const [a, b] = require('fs').readFileSync(0, 'utf8').split(' ').map(Number); console.log(a + b)",
      { streams: [{ stdin: '2 3', expected: '5\n' }] },
    ],
    [
      'lines',
      'let sum = 0; for (let line; (line = readLine()) !== null; ) sum += Number(line); print(sum)',
      { streams: [{ stdin: '2\n3\n', expected: '5' }] },
    ],
  ])('%s', SLOW, async (_, code, tests) => {
    const found = await judge(code, tests)
    expect(found.verdict, found.reason).toBe('passed')
  })
})

it.each([
  ['', 'the tests check nothing'],
  ['assert(solve(3) ===', /^the tests are no JavaScript: SyntaxError/],
  ["require('left-pad')(solve(3))", /left-pad/],
])('tests that cannot be used, as %j, are unscored', SLOW, async (tests, reason) => {
  const found = await judge('const solve = (n) => n', tests)
  expect(found).toMatchObject({ verdict: 'unscored', reason: expect.stringMatching(reason) as string })
})

it('says which assertion failed', SLOW, async () => {
  const tests = 'assert(solve(1) === 1)\n  assertEqual(solve(3), 4, "of three")'
  const found = await judge('const solve = (n) => n', tests)
  expect(found).toMatchObject({ cause: 'assertion', reason: 'assertEqual(solve(3), 4, "of three"): of three' })
})

describe('limits', () => {
  it.each([
    ['output', 'for (;;) console.log("x".repeat(1000))'],
    ['output', 'const solve = () => "x".repeat(200_000)'],
  ])('%s: %s', SLOW, async (cause, code) => {
    expect(await judge(code, solve)).toMatchObject({ verdict: 'failed', cause })
  })

  it('memory, however long a busy machine takes to give it', SLOW, async () => {
    const patient = codeVerifier({ limits: { seconds: 60 } })
    const code = 'const xs = []; for (;;) xs.push(new ArrayBuffer(2 ** 20))'
    const program = { language: 'javascript', code, tests: { assertions: solve } } as const
    expect(await patient.verify(program)).toMatchObject({ verdict: 'failed', cause: 'memory' })
    patient.close()
  })

  it('time, in the program and in what waits for it', SLOW, async () => {
    const quick = codeVerifier({ limits: { seconds: 0.5 } })
    const code =
      'const solve = () => { Promise.resolve().then(function again() { return Promise.resolve().then(again) }) }'
    for (const hangs of ['for (;;) {}', code]) {
      const program = { language: 'javascript', code: hangs, tests: { assertions: solve } } as const
      expect(await quick.verify(program)).toMatchObject({
        verdict: 'failed',
        cause: 'timeout',
        reason: '0.5 s are over',
      })
    }
    quick.close()
  })
})
