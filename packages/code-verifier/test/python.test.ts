import { afterAll, describe, expect, it } from 'vitest'
import { codeVerifier } from '../src/code-verifier.js'
import type { ProgramTests } from '../src/program.js'

const verifier = codeVerifier({ limits: { seconds: 30, output: 100_000 } })
afterAll(() => verifier.close())
const SLOW = { timeout: 120_000 }

const judge = (code: string, tests: ProgramTests | string) =>
  verifier.verify({ language: 'python', code, tests: typeof tests === 'string' ? { assertions: tests } : tests })

const solve = 'assert solve(3) == 14\nassert solve(10) == 385\n'

describe('programs that do not solve their task fail, whatever they do', () => {
  it.each([
    [
      'an integer that is equal to all',
      'class A(int):\n  __eq__ = __ne__ = lambda s, o: True\nsolve = lambda n: A(0)',
      solve,
    ],
    [
      'a float that compares as it likes',
      'class A(float):\n  __lt__ = __gt__ = __le__ = lambda s, o: True\nsolve = lambda n: A(0)',
      'assert abs(solve(3) - 14) < 1e-6',
    ],
    [
      'a difference of no size',
      'class A:\n  __sub__ = __rsub__ = lambda s, o: s\n  __bool__ = lambda s: False\n  __abs__ = lambda s: 0.0\nsolve = lambda n: A()',
      'assert not (solve(3) - 14)',
    ],
    [
      'a difference that is zero',
      'class A:\n  __sub__ = lambda s, o: 0\nsolve = lambda n: A()',
      'assert solve(3) - 14 == 0',
    ],
    [
      'a hash that is found in every set',
      'class A:\n  __hash__ = lambda s: hash(14)\n  __eq__ = lambda s, o: True\nsolve = lambda n: A()',
      'assert solve(3) in {14}',
    ],
    [
      'a list whose entries lie',
      'class A:\n  __eq__ = lambda s, o: True\nsolve = lambda n: [A(), A()]',
      'assert solve(3) == [1, 2]',
    ],
    [
      'a dictionary that hides what it holds',
      'class D(dict):\n  items = lambda s: [("a", 1)]\n  __eq__ = lambda s, o: True\nsolve = lambda n: D(b=2)',
      'assert solve(3) == {"a": 1}',
    ],
    ['a tuple for a list', 'solve = lambda n: (1, 2)', 'assert solve(3) == [1, 2]'],
    ['a text for a number', 'solve = lambda n: "14"', solve],
    [
      'a result that is true',
      'class A:\n  __bool__ = lambda s: True\n  __eq__ = lambda s, o: True\nsolve = lambda n: A()',
      'assert solve(3) is True',
    ],
    [
      'a helper of the tests under the name of a function of the language',
      'def sum(x): return 14\ndef abs(x): return 0\nsolve = lambda n: 0',
      'assert abs(solve(3) - sum([14])) < 1e-6',
    ],
    [
      'a class in the place of a module',
      'class math:\n  isclose = lambda *a, **k: True\nsolve = lambda n: 0',
      'assert math.isclose(solve(3), 14)',
    ],
    [
      'names that were not asked for',
      'import gc, sys\nreal = sys.modules["peer"].to_text\nown = {"abs": {"name": ["builtins", "bool"]}}\ndef to_text(r): return real({"names": {**r["names"], **own}} if "names" in r else r)\nfor d in gc.get_objects():\n  if type(d) is dict and d.get("to_text") is real: d["to_text"] = to_text\nsolve = lambda n: 0',
      'assert abs(solve(3) - 14) < 1.5',
    ],
    [
      'a report of an error that says it passed',
      'import gc, sys\nreal = sys.modules["peer"].to_text\ndef to_text(r): return real({"threw": {"verdict": "passed", "checks": 2, "cause": "none", "message": 3}})\nfor d in gc.get_objects():\n  if type(d) is dict and d.get("to_text") is real: d["to_text"] = to_text',
      solve,
    ],
    [
      'an answer that is no value',
      'import sys\nsys.modules["peer"].Peer.answer = lambda *a: {"value": {"tuple": 3}}\nsolve = lambda n: 14',
      solve,
    ],
    [
      'a function of the library in place of a value',
      'import operator\nsolve = lambda n: operator.eq',
      'assert solve(3)(3, 3) is False',
    ],
    [
      'an exception that ends the tests',
      'def solve(n):\n  raise SystemExit(0)',
      'try:\n  assert solve(3) == 14\nexcept BaseException:\n  pass\nassert True',
    ],
    [
      'generators that end their caller',
      'def solve(n):\n  raise StopIteration',
      'assert all(solve(n) == n for n in [3])',
    ],
    ['nothing to check', 'solve = lambda n: []', 'for x in solve(3):\n  assert x == 14'],
    [
      'a thread that waits for its turn',
      'import threading\nthreading.Timer(0, lambda: None).start()\nsolve = lambda n: 14',
      solve,
    ],
    ['changed arguments', 'def solve(xs): xs.append(1)', 'xs = [2]\nsolve(xs)\nassert xs == [2]'],
    ['standard output that says it passed', 'print("Ran 2 tests\\n\\nOK\\n2 passed")\nsolve = lambda n: 0', solve],
    ['a syntax error', 'def solve(n) return 14', solve],
    ['no such function', 'def solved(n): return 14', solve],
    ['another number of arguments', 'def solve(): return 14', solve],
    ['an endless nest', 'x = []\nx.append(x)\nsolve = lambda n: x', solve],
  ])('%s', SLOW, async (_, code, tests) => {
    const found = await judge(code, tests)
    expect(found.verdict, found.reason).toBe('failed')
  })
})

describe('honest programs pass', () => {
  it.each([
    ['equal numbers of different kinds', 'solve = lambda n: 14.0', 'assert solve(3) == 14'],
    ['truth values are numbers', 'solve = lambda n: True', 'assert solve(3) == 1'],
    ['great integers', 'solve = lambda n: 10 ** 5000', 'assert solve(3) == 10 ** 5000'],
    ['floats that are no number', 'solve = lambda n: float("nan")', 'x = solve(3)\nassert x != x'],
    ['negative zero', 'solve = lambda n: -0.0', 'import math\nassert math.copysign(1, solve(3)) == -1'],
    [
      'sets, tuples, bytes, complex numbers',
      'solve = lambda n: ({1, 2}, frozenset([3]), b"x", 2j, None, range(2))',
      'assert solve(3) == ({2, 1}, frozenset([3]), b"x", 2j, None, range(2))',
    ],
    [
      'dictionaries with any keys',
      'solve = lambda n: {(1, 2): [3], None: {}}',
      'assert solve(3) == {(1, 2): [3], None: {}}',
    ],
    [
      'named tuples and counters',
      'from collections import namedtuple, Counter, OrderedDict, deque\nP = namedtuple("P", "x y")\nsolve = lambda n: [P(1, 2), Counter("aab"), OrderedDict(a=1), deque([1])]',
      'from collections import deque\nassert solve(3) == [(1, 2), {"a": 2, "b": 1}, {"a": 1}, deque([1])]',
    ],
    [
      'fractions, decimals and dates',
      'from fractions import Fraction\nfrom decimal import Decimal\nfrom datetime import date\nsolve = lambda n: [Fraction(1, 3), Decimal("0.1"), date(2020, 2, 29)]',
      'from fractions import Fraction\nfrom decimal import Decimal\nfrom datetime import date\nassert solve(3) == [Fraction(1, 3), Decimal("0.1"), date(2020, 2, 29)]',
    ],
    ['lone surrogates', 'solve = lambda n: "\\ud800"', 'assert solve(3) == "\\ud800"'],
    [
      'exceptions',
      'def solve(n):\n  if n < 0: raise ValueError("negative")\n  return n',
      'try:\n  solve(-1)\n  assert False\nexcept ValueError as error:\n  assert "negative" in str(error)',
    ],
    [
      'exceptions of unittest',
      'def solve(n): raise KeyError(n)',
      'import unittest\nclass T(unittest.TestCase):\n  def test_it(self):\n    with self.assertRaises(KeyError): solve(1)\n    self.assertEqual(1, 1)',
    ],
    ['test functions that nobody calls', 'solve = lambda n: 14', 'def test_solve():\n  assert solve(3) == 14'],
    [
      'unittest.main',
      'solve = lambda n: 14',
      'import unittest\nclass T(unittest.TestCase):\n  def test_it(self): self.assertEqual(solve(3), 14)\nunittest.main()',
    ],
    [
      'functions that the tests pass',
      'def solve(f, xs): return sorted(xs, key=f)',
      'assert solve(lambda x: -x, [1, 3, 2]) == [3, 2, 1]\nassert solve(len, ["aa", "b"]) == ["b", "aa"]',
    ],
    [
      'objects that the tests pass',
      'def solve(node): return node.value + (solve(node.next) if node.next else 0)',
      'class Node:\n  def __init__(self, value, next=None): self.value, self.next = value, next\nassert solve(Node(1, Node(2, Node(3)))) == 6',
    ],
    [
      'arguments changed in place',
      'def solve(xs): xs.sort(); xs[0].append(9)',
      'inner = [1]\nxs = [[2], inner]\nsolve(xs)\nassert xs == [[1, 9], [2]]',
    ],
    ['an argument returned', 'def solve(xs): xs.append(1); return xs', 'xs = []\nassert solve(xs) is xs and xs == [1]'],
    [
      'classes',
      'class Stack:\n  def __init__(self): self.xs = []\n  def push(self, x): self.xs.append(x); return self\n  def __len__(self): return len(self.xs)\n  def __contains__(self, x): return x in self.xs\n  def __iter__(self): return iter(self.xs)\n  def __getitem__(self, i): return self.xs[i]',
      's = Stack()\ns.push(1).push(2)\nassert len(s) == 2 and 2 in s and s[0] == 1\nassert list(s) == [1, 2]\nassert isinstance(s, Stack)\nassert not isinstance(3, Stack)',
    ],
    [
      'classes with equality and arithmetic of their own',
      'class V:\n  def __init__(self, x): self.x = x\n  def __eq__(self, o): return self.x == o.x\n  def __add__(self, o): return V(self.x + o.x)\n  def __mul__(self, k): return V(self.x * k)\n  def __repr__(self): return f"V({self.x})"',
      'assert V(1) + V(2) == V(3)\nassert (V(2) * 3).x == 6\nassert repr(V(1)) == "V(1)"\nassert V(1) != V(2)',
    ],
    [
      'generators',
      'def solve(n):\n  for i in range(n): yield i',
      'assert list(solve(3)) == [0, 1, 2]\nassert sum(solve(4)) == 6',
    ],
    [
      'the tests import the program',
      'solve = lambda n: 14',
      'from solution import solve\nimport solution\nassert solve(3) == solution.solve(3) == 14',
    ],
    ['helpers with the name of a module', 'def queue(n): return n', 'assert queue(3) == 3'],
    ['tests that raise of their own accord', 'solve = lambda n: 14', 'if solve(3) != 14:\n  raise Exception("wrong")'],
    [
      'coroutines',
      'import asyncio\nasync def g(n):\n  await asyncio.sleep(0.001)\n  return n\nasync def h():\n  return sum(await asyncio.gather(g(4), g(10)))\nsolve = lambda n: asyncio.run(h())',
      'assert solve(3) == 14\nassert solve(3) == 14',
    ],
    [
      'a mark at the beginning and ends of lines as in DOS',
      '\ufeffdef solve(n):\r\n\treturn 14\r\n',
      'assert solve(3) == 14',
    ],
    [
      'annotations of the future, and names of its own file',
      'from __future__ import annotations\nimport os\ndef solve(n: Nothing) -> Nothing:\n  return len(os.path.basename(__file__)) + 3',
      'assert solve(3) == 14',
    ],
    [
      'a cache',
      'from functools import lru_cache\n@lru_cache(None)\ndef solve(n): return n and n * n + solve(n - 1)',
      'assert solve(3) == 14',
    ],
    [
      'data classes',
      'from dataclasses import dataclass\n@dataclass\nclass P:\n  x: int\nsolve = lambda n: P(n)',
      'assert solve(3) == solve(3) and solve(3).x == 3 and solve(3) != solve(4)',
    ],
    [
      'enumerations',
      'from enum import Enum\nclass C(Enum):\n  RED = 1\nsolve = lambda n: C.RED',
      'assert solve(3) is C.RED and solve(3).name == "RED" and C.RED.value == 1',
    ],
    [
      'changing the language for itself',
      'import builtins\nbuiltins.len = lambda x: 14\nsolve = lambda n: len([])',
      'assert solve(3) == 14\nassert len([1]) == 1',
    ],
  ])('%s', SLOW, async (_, code, tests) => {
    const found = await judge(code, tests)
    expect(found.verdict, found.reason).toBe('passed')
  })
})

describe('what cannot be judged is unscored, with the reason', () => {
  it.each([
    ['import numpy as np\nsolve = lambda n: 14', solve, 'the program imports numpy, which is not installed here'],
    ['def solve(n):\n  import torch.nn\n  return 14', solve, 'the program imports torch, which is not installed here'],
    ['solve = lambda n: 14', '', 'the tests check nothing'],
    ['solve = lambda n: 14', 'def check(candidate):\n  assert candidate(3) == 14', 'the tests check nothing'],
    [
      'solve = lambda n: 14',
      'assert solve(3) =',
      'the tests are no Python: SyntaxError: invalid syntax (<unknown>, line 1)',
    ],
    [
      'solve = lambda n: 14',
      'import pytest\nassert solve(3) == 14',
      'the tests import pytest, which is not installed here',
    ],
  ])('%j with %j', SLOW, async (code, tests, reason) => {
    expect(await judge(code, tests)).toMatchObject({ verdict: 'unscored', reason })
  })

  it.each([
    ['a module of a made-up name', 'from helper import solve'],
    ['an error that says a module is missing', 'raise ModuleNotFoundError("", name="numpy")'],
  ])('but %s is the fault of the program', SLOW, async (_, code) => {
    expect(await judge(code, solve)).toMatchObject({ verdict: 'failed', cause: 'error' })
  })
})

describe('the forms of tests', () => {
  const prompt = 'import math\n\ndef helper(x):\n    return x + 1\n\ndef solve(n):\n    """ Say it. """\n'
  const check =
    'def check(candidate):\n    assert candidate(3) == helper(13)\n    assert math.floor(candidate(3)) == 14\n'

  it('calls check with the entry point, on the helpers of the setup and not those of the program', SLOW, async () => {
    const tests = { assertions: check, setup: prompt, entryPoint: 'solve' }
    expect(await judge(`${prompt}    return 14`, tests)).toMatchObject({ verdict: 'passed', checks: 2 })
    expect(await judge('helper = solve = lambda n: 14.0', tests)).toMatchObject({ verdict: 'passed', checks: 2 })
    expect(await judge('helper = lambda x: 0\nsolve = lambda n: 0', tests)).toMatchObject({
      verdict: 'failed',
      cause: 'assertion',
      reason: 'assert candidate(3) == helper(13)',
    })
  })

  it('compares pairs by the equality of Python', SLOW, async () => {
    const pairs = (expected: number | readonly number[]) => ({
      entryPoint: 'max',
      pairs: [{ arguments: [[1, 2]], expected }],
    })
    expect(await judge('def max(xs): return 2.0', pairs(2))).toMatchObject({ verdict: 'passed', checks: 1 })
    expect(await judge('def max(xs): return xs', pairs([1, 2]))).toMatchObject({ verdict: 'passed' })
    expect(await judge('def max(xs): return tuple(xs)', pairs([1, 2]))).toMatchObject({ verdict: 'failed' })
    expect(await judge('def max(xs): return xs', { entryPoint: 'max', pairs: [] })).toMatchObject({
      verdict: 'unscored',
    })
  })

  it('runs main programs on streams, in an interpreter that is new to each', SLOW, async () => {
    const streams = [
      { stdin: '2 3\n', expected: '5\n' },
      { stdin: '1 1', expected: '2' },
    ]
    const main =
      'import sys\nif __name__ == "__main__":\n  a, b = map(int, sys.stdin.read().split())\n  sys.stdout.write(f"{a + b}\\n")'
    expect(await judge(main, { streams })).toMatchObject({ verdict: 'passed', checks: 2 })
    expect(await judge('import os\nos.write(1, b"5\\n")', { streams })).toMatchObject({
      verdict: 'failed',
      reason: 'the output of test 2 of 2 differs',
    })
    const counts = 'import builtins\nbuiltins.runs = getattr(builtins, "runs", 0) + 1\nprint([5, 2][builtins.runs - 1])'
    expect(await judge(counts, { streams })).toMatchObject({ verdict: 'failed' })
    expect(await judge('print(5)\n1/0', { streams })).toMatchObject({
      verdict: 'failed',
      cause: 'error',
      reason: 'ZeroDivisionError: division by zero (test 1 of 2)',
    })
    expect(await judge('', { streams: [] })).toMatchObject({ verdict: 'unscored', reason: 'the tests check nothing' })
  })
})

describe('limits', () => {
  it('ends what returns or writes too much', SLOW, async () => {
    expect(await judge('solve = lambda n: "x" * 200_000', solve)).toMatchObject({ cause: 'output' })
    expect(await judge('import sys\nfor i in range(200_000): sys.stderr.write("x")', solve)).toMatchObject({
      cause: 'output',
      reason: 'it wrote more than 100000 bytes',
    })
  })

  it('refuses memory beyond the limit, and the interpreter goes on', SLOW, async () => {
    expect(await judge('x = b"x" * 10**9', solve)).toMatchObject({ verdict: 'failed', cause: 'memory' })
    expect(await judge('solve = lambda n: {3: 14, 10: 385}[n]', solve)).toMatchObject({ verdict: 'passed', checks: 2 })
  })
})

describe('what a program breaks is whole for the next one', () => {
  it.each([
    [
      'the library',
      'p = "/lib/python314.zip"\nb = bytearray(open(p, "rb").read())\nb[1000:9000] = bytes(8000)\nopen(p, "wb").write(b)',
    ],
    ['the working folder', 'import os\nos.chdir("/tmp")\nos.mkdir("d")\nos.symlink("/home", "d/x")'],
    [
      'the standard streams',
      'import os\nos.close(0)\nos.close(1)\nos.dup2(os.open("/tmp/a", os.O_CREAT | os.O_RDWR), 2)',
    ],
    ['who may enter its folder', 'import os\nos.umask(0o777)\nopen("z", "w")\nos.chmod("/home/pyodide", 0)'],
    [
      'every dictionary',
      'import gc\nfor o in gc.get_objects():\n  if type(o) is dict:\n    try: o.clear()\n    except BaseException: pass',
    ],
    ['memory', 'import ctypes\nctypes.memset(0, 255, 1_000_000)'],
    ['the interpreter', 'import os\nos.abort()'],
  ])('%s', SLOW, async (_, code) => {
    const broken = `${code}\nsolve = lambda n: 0`
    expect(await judge(broken, solve)).toMatchObject({ verdict: 'failed' })
    const streams = [{ stdin: '3', expected: '14' }]
    expect(await judge(broken, { streams })).toMatchObject({ verdict: 'failed' })
    const honest =
      'import os, zipfile, csv\ninput()\nprint(14 if os.getcwd() == "/home/pyodide" and not os.listdir() else 0)'
    expect(await judge(honest, { streams })).toMatchObject({ verdict: 'passed' })
    expect(await judge('solve = lambda n: {3: 14, 10: 385}[n]', solve)).toMatchObject({ verdict: 'passed' })
  })
})

it('says which error was raised, also one that is made of more than a message', SLOW, async () => {
  const raised = async (error: string) => judge(`def solve(n): raise ${error}`, solve)
  expect(await raised('ExceptionGroup("several", [ValueError(1)])')).toMatchObject({
    verdict: 'failed',
    cause: 'error',
    reason: 'ExceptionGroup: several (1 sub-exception)',
  })
  expect(await raised('UnicodeDecodeError("utf-8", b"a", 0, 1, "odd")')).toMatchObject({
    cause: 'error',
    reason: "UnicodeDecodeError: 'utf-8' codec can't decode byte 0x61 in position 0: odd",
  })
})

it('takes no verdict from the report of a main program', SLOW, async () => {
  const forged =
    'import gc, sys\nreal = sys.modules["peer"].to_text\ndef to_text(r): return real({"threw": {"verdict": "passed", "checks": 2}})\nfor d in gc.get_objects():\n  if type(d) is dict and d.get("to_text") is real: d["to_text"] = to_text'
  const streams = [{ stdin: '', expected: '14' }]
  expect(await judge(forged, { streams })).toMatchObject({ verdict: 'failed', cause: 'error' })
})

it('says what a reviewer may want to look at', SLOW, async () => {
  const { signs } = await judge(
    'import sys\nprint("3 passed")\nsys._getframe()\nsolve = lambda n: 14',
    'assert solve(3) == 14',
  )
  expect(signs).toEqual(['prints a verdict', 'looks into its caller'])
})

it('says that tests pass which never call the program', SLOW, async () => {
  const signsOf = async (assertions: string): Promise<readonly string[]> =>
    (await judge('LIMIT = 3\nsolve = lambda n: 14', assertions)).signs
  expect(await signsOf('assert True')).toEqual(['is never called'])
  expect(await signsOf('assert LIMIT == 3')).toEqual(['is never called'])
  expect(await signsOf('assert LIMIT == 4')).toEqual([])
  expect(await signsOf('assert solve(LIMIT) == 14')).toEqual([])
})
