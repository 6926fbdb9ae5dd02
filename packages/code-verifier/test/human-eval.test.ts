import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { codeVerifier } from '../src/code-verifier.js'

/** Samples of CodeGen-16B on HumanEval with labels by CPython, which a stranger's clone does not have. */
const FOLDER = resolve(fileURLToPath(new URL('../../..', import.meta.url)), '../shared/data/codet')
const here = existsSync(FOLDER)
/** Samples of each task: HUMAN_EVAL_SAMPLES=100 judges all 16,400, which takes about ten minutes of two cores. */
const SAMPLES = Number(process.env['HUMAN_EVAL_SAMPLES'] ?? 1)

const readRows = (file: string): readonly unknown[] =>
  readFileSync(resolve(FOLDER, file), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown)

interface Problem {
  readonly task_id: string
  readonly prompt: string
  readonly entry_point: string
  readonly canonical_solution: string
  readonly test: string
}

describe.skipIf(!here)(`HumanEval${here ? '' : ' (skipped: ../shared/data/codet is not here)'}`, () => {
  const verifier = codeVerifier({ limits: { seconds: 10 } })
  afterAll(() => verifier.close())
  const judge = ({ prompt, test, entry_point }: Problem, completion: string) => {
    const tests = { assertions: test, setup: prompt, entryPoint: entry_point }
    return verifier.verify({ language: 'python', code: prompt + completion, tests })
  }
  const problems = here ? (readRows('HumanEval_for_code_generation.jsonl') as readonly Problem[]) : []

  it('passes all 164 canonical solutions', { timeout: 600_000 }, async () => {
    const failed = []
    for (const problem of problems) {
      const found = await judge(problem, problem.canonical_solution)
      if (found.verdict !== 'passed') failed.push(`${problem.task_id}: ${found.reason}`)
    }
    expect(problems).toHaveLength(164)
    expect(failed).toEqual([])
  })

  it(`agrees with CPython on ${SAMPLES} of 100 samples of each`, { timeout: 7_200_000 }, async () => {
    const samples = readRows('HumanEval_codegen16B_code_solution.jsonl') as readonly {
      prompt: string
      samples: string[]
    }[]
    const labels = readRows('labels_cpython.jsonl') as readonly { task_id: string; results: string[] }[]
    const differ = []
    let passed = 0
    for (const [k, problem] of problems.entries()) {
      const drawn = samples.find(({ prompt }) => prompt === problem.prompt)!.samples
      const { results } = labels.find(({ task_id }) => task_id === problem.task_id)!
      const seen = new Map<string, Awaited<ReturnType<typeof judge>>>()
      for (let i = 0; i < SAMPLES; i++) {
        const place = (k + i) % 100
        const text = drawn[place]!
        const found = seen.get(text) ?? (await judge(problem, text))
        seen.set(text, found)
        if (found.verdict === 'passed') passed++
        // A library that is not in Pyodide may have been where the labels were made: such a sample is not judged.
        if (found.verdict !== 'unscored' && (found.verdict === 'passed') !== (results[place] === 'passed')) {
          differ.push(`${problem.task_id} ${place}: ${found.verdict} (${found.reason}) and ${results[place]}`)
        }
      }
    }
    expect(differ.length, differ.join('\n')).toBeLessThanOrEqual(0.0002 * 164 * SAMPLES)
    expect(passed).toBeGreaterThan(0.15 * 164 * SAMPLES)
  })
})
