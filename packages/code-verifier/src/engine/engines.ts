import { requireOneOf } from '@posttrain/core'
import type { Limits } from '../limits.js'
import type { Language } from '../program.js'
import type { Engine } from './interpreter.js'
import { withoutNetwork } from './namespaces.js'
import { pyodideProcesses, pyodideWorkers } from './pyodide.js'
import { quickjsProcesses, quickjsWorkers } from './quickjs.js'

/** What keeps a program apart from the machine; the README says what each promises. */
export type Isolation = 'worker' | 'process' | 'process-without-network'

/** What runs Python. */
export type PythonBackend = 'pyodide'

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
  requireOneOf('python', python, ['pyodide'])
  const suites = { python: pyodideWorkers(limits), javascript: quickjsWorkers(limits) }
  if (isolation === 'worker') {
    return {
      python: { suites: suites.python, programs: suites.python, once: false },
      javascript: { suites: suites.javascript, programs: suites.javascript, once: false },
    }
  }
  const around = isolation === 'process' ? [] : withoutNetwork()
  return {
    python: { suites: suites.python, programs: pyodideProcesses(limits, around), once: true },
    javascript: { suites: suites.javascript, programs: quickjsProcesses(limits, around), once: true },
  }
}
