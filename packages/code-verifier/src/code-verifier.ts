import { requireInteger, type CallOptions } from '@posttrain/core'
import { enginesOf, type Engines, type Isolation, type PythonBackend } from './engine/engines.js'
import { lastWord } from './engine/last-word.js'
import { makePlace } from './engine/place.js'
import { describeRun } from './judge/describe-run.js'
import { describeVerdict } from './judge/describe.js'
import { judge, type Places } from './judge/judge.js'
import { runMain } from './judge/run-main.js'
import { requireLimits, type ProgramLimits } from './limits.js'
import { makePool } from './pool.js'
import { requireProgram, type Language, type Program } from './program.js'
import { requireMainProgram, type MainProgram, type ProgramRun } from './program-run.js'
import type { ProgramVerdict } from './program-verdict.js'

/** How programs are run. */
export interface CodeVerifierOptions {
  /** What keeps a program apart from the machine: `worker` unless told otherwise. */
  readonly isolation?: Isolation | undefined
  /** What runs Python: `pyodide` unless told otherwise. */
  readonly python?: PythonBackend | undefined
  readonly limits?: ProgramLimits | undefined
  /** Programs at the same time: 1 unless told otherwise. Each has two interpreters. */
  readonly concurrency?: number | undefined
}

/** Judges and runs programs with interpreters that it keeps. */
export interface CodeVerifier {
  /**
   * Judges one program; one that cannot be judged is `unscored`, with the reason.
   *
   * @throws PosttrainError `invalid-argument` for something that is no program; `aborted` at the signal or once the
   *   verifier is closed; `machine-failed` where no interpreter starts
   */
  verify(program: Program, options?: CallOptions): Promise<ProgramVerdict>
  /**
   * Runs one main program without judging it, in the same interpreters and within the same limits: for a caller
   * that compares its output by rules of its own.
   *
   * @throws PosttrainError as `verify` does
   */
  run(program: MainProgram, options?: CallOptions): Promise<ProgramRun>
  /** Ends the interpreters; programs that run or wait end with `aborted`. */
  close(): void
}

/**
 * A verifier for many programs. An idle one keeps no process alive; `close` gives its memory back.
 *
 * Tests run in one interpreter and the program in another, which never sees them: the tests send arguments and get
 * plain values back. So the verdict is a function of values alone, whatever the program does to its interpreter.
 *
 * @throws PosttrainError `invalid-argument` for options out of range; `unsupported` for an isolation that cannot be had
 * @example
 * ```ts
 * const verifier = codeVerifier({ limits: { seconds: 5 } })
 * const tests = { assertions: 'assert(twice(2) === 4)' }
 * const { verdict } = await verifier.verify({ language: 'javascript', code: 'const twice = (n) => 2 * n', tests })
 * verifier.close()
 * verdict // => 'passed'
 * ```
 */
export function codeVerifier(options: CodeVerifierOptions = {}): CodeVerifier {
  const limits = requireLimits(options.limits)
  const engines = enginesOf(options.isolation ?? 'worker', options.python ?? 'pyodide', limits)
  const concurrency = requireInteger('concurrency', options.concurrency ?? 1, { min: 1, max: 256 })
  const benches = Array.from({ length: concurrency }, () => makeBench(engines))
  const pool = makePool(benches)
  /** Lends the places of a language to one program at a time; its interpreter ends at the signal. */
  const lend = <T>(language: Language, { signal }: CallOptions, work: (places: Places) => Promise<T>): Promise<T> =>
    pool.use(async (bench) => {
      const places = bench.of(language)
      const stop = (): void => places.program.close()
      signal?.addEventListener('abort', stop)
      try {
        return await work(places)
      } finally {
        signal?.removeEventListener('abort', stop)
      }
    }, signal)
  return {
    async verify(given, settings = {}) {
      const program = requireProgram(given)
      const judged = await lend(program.language, settings, (places) => judge(places, program, limits))
      return describeVerdict(judged, program.code)
    },
    async run(given, settings = {}) {
      const { language, code, stdin = '', seconds = limits.seconds } = requireMainProgram(given)
      const most = Math.min(seconds, limits.seconds)
      const run = await lend(language, settings, (places) =>
        lastWord(places.program, async (next) => runMain(await next(), code, stdin, most)),
      )
      return describeRun(run, code)
    },
    close() {
      pool.close()
      for (const bench of benches) bench.close()
    },
  }
}

/** The places of one program at a time, for each language; an interpreter starts when it is needed. */
interface Bench {
  of(language: Language): Places
  close(): void
}

function makeBench(engines: Engines): Bench {
  const made = new Map<Language, Places>()
  return {
    of(language) {
      const places = made.get(language) ?? placesOf(engines, language)
      made.set(language, places)
      return places
    },
    close() {
      for (const { suite, program } of made.values()) {
        suite.close()
        program.close()
      }
    },
  }
}

const placesOf = (engines: Engines, language: Language): Places => ({
  suite: makePlace(engines[language].suites, false),
  program: makePlace(engines[language].programs, engines[language].once),
})
