import { existsSync, readFileSync } from 'node:fs'
import type { AssertionTests } from '@posttrain/code-verifier'

/** A program in Python that passes its tests, and the two of them as one script. */
export interface BenchProgram {
  readonly code: string
  readonly tests: AssertionTests
  readonly script: string
}

interface Problem {
  readonly prompt: string
  readonly entry_point: string
  readonly canonical_solution: string
  readonly test: string
}

const HUMAN_EVAL = new URL('../../../shared/data/codet/HumanEval_for_code_generation.jsonl', import.meta.url)

/** Of HumanEval's 164 tasks every fourth. */
const EVERY = 4

/** Canonical solutions of HumanEval with their tests where they are at hand, otherwise small programs of ours. */
export function benchPrograms(): { readonly name: string; readonly programs: readonly BenchProgram[] } {
  if (!existsSync(HUMAN_EVAL)) return { name: `${OURS.length} small programs`, programs: OURS }
  const problems = readFileSync(HUMAN_EVAL, 'utf8').trim().split('\n')
  const programs = problems.filter((_, i) => i % EVERY === 0).map((line) => ofHumanEval(JSON.parse(line) as Problem))
  return { name: `${programs.length} of HumanEval`, programs }
}

function ofHumanEval({ prompt, entry_point, canonical_solution, test }: Problem): BenchProgram {
  const code = prompt + canonical_solution
  return {
    code,
    tests: { assertions: test, setup: prompt, entryPoint: entry_point },
    script: `${code}\n${test}\ncheck(${entry_point})\n`,
  }
}

const ours = (code: string, assertions: string): BenchProgram => ({
  code,
  tests: { assertions },
  script: `${code}\n${assertions}\n`,
})

const OURS: readonly BenchProgram[] = [
  ours('def f(n):\n  return n * (n + 1) // 2', 'assert f(4) == 10\nassert f(0) == 0'),
  ours('def f(s):\n  return s == s[::-1]', 'assert f("level")\nassert not f("label")'),
  ours('def f(xs):\n  return sorted(set(xs))', 'assert f([3, 1, 3, 2]) == [1, 2, 3]'),
  ours(
    'def f(n):\n  sieve = [True] * (n + 1)\n  for p in range(2, int(n ** 0.5) + 1):\n    for k in range(p * p, n + 1, p): sieve[k] = False\n  return [p for p in range(2, n + 1) if sieve[p]]',
    'assert f(30) == [2, 3, 5, 7, 11, 13, 17, 19, 23, 29]\nassert len(f(100_000)) == 9592',
  ),
  ours(
    'from collections import Counter\ndef f(words):\n  return Counter(words).most_common(1)[0]',
    'assert f(["a", "b", "a"]) == ("a", 2)',
  ),
  ours(
    'from functools import lru_cache\n@lru_cache(None)\ndef f(n):\n  return n if n < 2 else f(n - 1) + f(n - 2)',
    'assert f(10) == 55\nassert f(90) == 2880067194370816120',
  ),
  ours('import math\ndef f(a, b):\n  return a * b // math.gcd(a, b)', 'assert f(4, 6) == 12\nassert f(7, 3) == 21'),
  ours(
    'import re\ndef f(text):\n  return [int(x) for x in re.findall(r"-?\\d+", text)]',
    'assert f("3 apples, -4 pears") == [3, -4]',
  ),
]
