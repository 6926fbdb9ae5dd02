import type { Format, LogFormat } from './format.js'
import { aider } from './aider.js'
import { bigcodebench } from './bigcodebench.js'
import { codeEval } from './code-eval.js'
import { cruxeval } from './cruxeval.js'
import { evalplus } from './evalplus.js'
import { harbor } from './harbor.js'
import { humanEval } from './human-eval.js'
import { inspect } from './inspect.js'
import { livecodebench } from './livecodebench.js'
import { lmEval } from './lm-eval.js'
import { nemo } from './nemo.js'
import { promptfoo } from './promptfoo.js'
import { sweBench } from './swe-bench.js'
import { tauBench } from './tau-bench.js'
import { terminalBench } from './terminal-bench.js'
import { trl } from './trl.js'
import { verifiers } from './verifiers.js'

/** Rows of ours, and whatever is in no format of the table. */
export const ROWS: Format = {
  name: 'rows',
  title: 'rows of one sample or task each, in JSON Lines, a JSON array, CSV or Parquet',
  triedOn: '',
  recognises: () => true,
  reader: () => (record) => [record],
}

/** The formats of other programs; the first that recognises a file reads it. */
export const FORMATS: readonly Format[] = [
  inspect,
  lmEval,
  promptfoo,
  evalplus,
  bigcodebench,
  humanEval,
  codeEval,
  cruxeval,
  livecodebench,
  verifiers,
  terminalBench,
  harbor,
  sweBench,
  tauBench,
  aider,
  nemo,
  trl,
]

/**
 * All formats that are read, rows of ours first.
 *
 * @example
 * ```ts
 * logFormats.map(({ name }) => name).includes('inspect') // => true
 * ```
 */
export const logFormats: readonly LogFormat[] = [ROWS, ...FORMATS].map(({ name, title, triedOn }) => ({
  name,
  title,
  triedOn,
}))
