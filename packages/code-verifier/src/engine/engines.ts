import { requireOneOf } from '@posttrain/core'
import type { Limits } from '../limits.js'
import type { Language } from '../program.js'
import type { Engine } from './interpreter.js'
import { pyodideWorkers } from './pyodide.js'
import { quickjsWorkers } from './quickjs.js'

/** What keeps a program apart from the machine; the README says what each promises. */
export type Isolation = 'worker'

/** What runs Python. */
export type PythonBackend = 'pyodide'

/** What starts the interpreters of each language. */
export type Engines = Readonly<
  Record<Language, { readonly suites: Engine; readonly programs: Engine; readonly once: boolean }>
>

/** @throws PosttrainError `invalid-argument` for names that are not known, `unsupported` for what cannot be had */
export function enginesOf(isolation: Isolation, python: PythonBackend, limits: Limits): Engines {
  requireOneOf('isolation', isolation, ['worker'])
  requireOneOf('python', python, ['pyodide'])
  const pyodide = pyodideWorkers(limits)
  const quickjs = quickjsWorkers(limits)
  return {
    python: { suites: pyodide, programs: pyodide, once: false },
    javascript: { suites: quickjs, programs: quickjs, once: false },
  }
}
