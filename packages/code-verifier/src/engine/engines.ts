import { invalidArgument, requireOneOf } from '@posttrain/core'
import type { Limits } from '../limits.js'
import type { Language } from '../program.js'
import { cpythonProcesses } from './cpython.js'
import type { Engine } from './interpreter.js'
import { namespaces } from './namespaces.js'
import { pyodideProcesses, pyodideWorkers } from './pyodide.js'
import { quickjsProcesses, quickjsWorkers } from './quickjs.js'

/** What keeps a program apart from the machine; the README says what each promises. */
export type Isolation = 'worker' | 'process' | 'process-without-network'

/** What runs Python: Pyodide, which comes with this package, or the machine's own `python3`. */
export type PythonBackend = 'pyodide' | 'cpython'

/** What starts the interpreters of each language. */
export type Engines = Readonly<
  Record<
    Language,
    {
      /** Tests are trusted: they run in worker threads. */
      readonly suites: Engine
      readonly programs: Engine
      /** Whether an interpreter serves one program alone. */
      readonly once: boolean
    }
  >
>

/** @throws PosttrainError `invalid-argument` for names that are not known, `unsupported` for what cannot be had */
export function enginesOf(isolation: Isolation, python: PythonBackend, limits: Limits): Engines {
  requireOneOf('isolation', isolation, ['worker', 'process', 'process-without-network'])
  requireOneOf('python', python, ['pyodide', 'cpython'])
  if (python === 'cpython' && isolation !== 'process-without-network') {
    throw invalidArgument(`python cpython has no isolation ${isolation}`, "say isolation: 'process-without-network'")
  }
  const suites = { python: pyodideWorkers(limits), javascript: quickjsWorkers(limits) }
  if (isolation === 'worker') {
    return {
      python: { suites: suites.python, programs: suites.python, once: false },
      javascript: { suites: suites.javascript, programs: suites.javascript, once: false },
    }
  }
  const around = isolation === 'process' ? [] : namespaces([]).around
  const programs = python === 'cpython' ? cpythonProcesses(limits) : pyodideProcesses(limits, around)
  return {
    python: { suites: suites.python, programs, once: true },
    javascript: { suites: suites.javascript, programs: quickjsProcesses(limits, around), once: true },
  }
}
