import { assert, createExpect, TestRunner, type ExpectStatic, type RunnerTestCase, type TestContext } from 'vitest'
import type { MetricCheck } from './gate-report.js'
import { repeat, type RepeatOptions } from './repeat.js'
import type { Run } from './run-body.js'

/** What a body is told about the run that it is. */
export interface TestRun extends Run {
  readonly signal: AbortSignal
  /** As vitest's, bound to this run: its soft expectations and its counts of assertions are the run's. */
  readonly expect: ExpectStatic
}

/** How often a test's body runs, and what its runs must show. */
export type RepeatedTestOptions = Omit<RepeatOptions, 'signal'>

/** The body of such a test. */
export type TestBody = (run: TestRun) => unknown

/** Declares a test; `skip`, `only` and the others are as those of vitest's `test`. */
export interface RepeatedTest {
  (name: string, options: RepeatedTestOptions, body: TestBody): void
  readonly skip: RepeatedTest
  readonly only: RepeatedTest
  readonly concurrent: RepeatedTest
  readonly sequential: RepeatedTest
  /** Skips the test where the condition holds. */
  skipIf(condition: unknown): RepeatedTest
  /** Skips it where the condition does not hold. */
  runIf(condition: unknown): RepeatedTest
  /** A test for each of these cases. */
  for<T>(
    cases: readonly T[],
  ): (name: string, options: RepeatedTestOptions, body: (given: T, run: TestRun) => unknown) => void
}

declare module 'vitest' {
  interface TaskMeta {
    /** What a `repeatedTest` has found, for reporters. */
    posttrain?: readonly MetricCheck[]
  }
}

/**
 * A test whose body runs n times, and which passes where the lower bounds of pass@k or pass^k reach `atLeast`.
 *
 * The figures are an annotation of the test and its `meta.posttrain`. The time limit is one of each run. The test
 * itself is never retried, whatever the configuration says: a gate that may try again passes by luck.
 *
 * @example
 * ```ts no-run
 * repeatedTest('adds', { n: 20, atLeast: { 'pass@8': 0.9 } }, async ({ index, signal, expect }) => {
 *   expect(await ask('2 + 2?', { seed: index, signal })).toBe('4')
 * })
 * ```
 */
export const repeatedTest: RepeatedTest = TestRunner.createTaskCollector(declare) as unknown as RepeatedTest

function declare(this: object, name: string, options: RepeatedTestOptions, body: TestBody): void {
  const handler = (context: TestContext): Promise<void> => gate(context, options, body)
  TestRunner.getCurrentSuite().task(name, { ...this, retry: 0, timeout: 0, handler })
}

async function gate(
  { task, signal, annotate }: TestContext,
  options: RepeatedTestOptions,
  body: TestBody,
): Promise<void> {
  const report = await repeat((run) => runInTest(task, run, body), { ...options, signal })
  task.meta.posttrain = report.checks
  if (!report.passed) assert.fail(report.text)
  await annotate(report.text, 'repeated')
}

/** A run with an `expect` of its own, whose soft failures and counts of assertions are those of the run. */
async function runInTest(test: Readonly<RunnerTestCase>, run: Run, body: TestBody): Promise<unknown> {
  const own = Object.create(test, {
    result: { value: { state: 'run' }, writable: true },
    promises: { value: [], writable: true },
    onFinished: { value: [], writable: true },
  }) as RunnerTestCase
  const expect = createExpect(own)
  const returned = await body({ index: run.index, signal: run.signal as AbortSignal, expect })
  await Promise.all(own.promises ?? [])
  const soft = own.result?.errors ?? []
  if (soft.length > 0) assert.fail(soft.map(({ message }) => message).join('; '))
  requireAssertions(expect)
  return returned
}

/** What `expect.assertions` and `expect.hasAssertions` ask for. */
function requireAssertions(expect: ExpectStatic): void {
  const { assertionCalls, expectedAssertionsNumber: expected, isExpectingAssertions } = expect.getState()
  if (typeof expected === 'number' && assertionCalls !== expected) {
    assert.fail(`expected number of assertions to be ${expected}, but got ${assertionCalls}`)
  }
  if (isExpectingAssertions && assertionCalls === 0) assert.fail('expected any number of assertion, but got none')
}
