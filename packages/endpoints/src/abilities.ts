/** What an OpenAI-compatible server does with what it is asked. None of them says; it is known, or it is probed. */
export interface EndpointAbilities {
  /** The program behind the URL, as far as it is known: the engine in the provenance of log-probs. */
  readonly engine: string
  /**
   * Gives `n` choices, drawn from the seeds `seed`, `seed + 1`, …, and counts the tokens of all in its usage. Where it
   * does not, each sample is a request.
   */
  readonly n: boolean
  /** The same seed gives the same completion. Where it does not, a sample that is drawn again is another one. */
  readonly seed: boolean
  /** Takes `top_k` and `min_p`. */
  readonly topK: boolean
  readonly minP: boolean
  /** What log-probs are of: the model's own distribution, or the one that was shaped and drawn from. */
  readonly logprobs: 'raw' | 'processed' | 'none'
  /**
   * Where a chat asks for the likeliest tokens, their list begins with the one that was drawn, which takes the place of
   * the last where it is none of them.
   */
  readonly drawnFirst: boolean
  /** Where ids of tokens are: in `token_ids` of a choice, if asked for, or with each log-prob. */
  readonly tokenIds: 'choice' | 'logprobs' | 'none'
  /** Continues a message of the assistant that comes last in a chat: by two fields, or unasked. */
  readonly prefill: 'continue_final_message' | 'unasked' | 'none'
  /** Where it continues such a message, its answer begins with it: it is taken off. */
  readonly repeatsPrefill: boolean
  /** Says which stop text ended a completion: in this field of a choice. */
  readonly stopField: 'stop_reason' | 'matched_stop' | 'none'
}

const NOTHING = {
  n: false,
  seed: false,
  topK: false,
  minP: false,
  logprobs: 'none',
  drawnFirst: false,
  tokenIds: 'none',
  prefill: 'none',
  repeatsPrefill: false,
  stopField: 'none',
} as const

/** The name of a server whose abilities are known. */
export type EndpointDialect = 'vllm' | 'llama.cpp' | 'transformers' | 'any' | 'openai' | 'sglang'

/** Servers whose abilities are known: the first three were run, the last two are from their documentation. */
export const endpointDialects: Readonly<Record<EndpointDialect, EndpointAbilities>> = {
  /** vLLM 0.32, started without `--logprobs-mode`: its log-probs are raw. */
  vllm: {
    ...NOTHING,
    engine: 'vllm',
    n: true,
    seed: true,
    topK: true,
    minP: true,
    logprobs: 'raw',
    drawnFirst: true,
    tokenIds: 'choice',
    prefill: 'continue_final_message',
    stopField: 'stop_reason',
  },
  /** llama.cpp 11549. It takes n, but its usage then counts one choice. */
  'llama.cpp': {
    ...NOTHING,
    engine: 'llama.cpp',
    seed: true,
    topK: true,
    minP: true,
    logprobs: 'raw',
    tokenIds: 'logprobs',
    prefill: 'unasked',
    repeatsPrefill: true,
  },
  /** `transformers serve` 5.20: takes n and does nothing with it; a seed holds for one request at a time. */
  transformers: { ...NOTHING, engine: 'transformers' },
  /** Any server: only what all of them do. */
  any: { ...NOTHING, engine: 'unknown' },
  /** OpenAI's own. Its seed is no promise, and nobody says what its log-probs are of. */
  openai: { ...NOTHING, engine: 'openai', n: true },
  sglang: {
    ...NOTHING,
    engine: 'sglang',
    n: true,
    topK: true,
    minP: true,
    prefill: 'continue_final_message',
    stopField: 'matched_stop',
  },
}
