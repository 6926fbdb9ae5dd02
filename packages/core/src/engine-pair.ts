import type { LogprobProvenance } from './logprobs.js'

/** What computes log-probs. */
export type Engine = Pick<LogprobProvenance, 'engine' | 'dtype'>

/**
 * The statement that samples of one engine may train another although the loss does not correct for it, made once and
 * with its reason. What shaped the distribution cannot be declared away.
 */
export interface EnginePair {
  readonly sampling: Engine
  readonly training: Engine
  /** For instance `both engines agree to 1e-6 on 200 completions`. */
  readonly because: string
}
