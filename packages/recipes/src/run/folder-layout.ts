/** From its rename on a folder is a run. */
export const CONFIG = 'config.json'
/** Where everything is that is new, until the run is finished. */
export const WORK = 'work'
/** In the folder of a variant in `WORK`. */
export const JOURNAL = 'journal.jsonl'
/** In `WORK`: the checkpoint that all variants start from. */
export const BASE = 'checkpoint.safetensors'

/** A file name for a variant: `pass@8` is fine everywhere, `reinforce++` is not. */
export const safe = (variant: string): string => variant.replaceAll(/[^\w@.-]/g, '_')

/** Where the result of a run has the checkpoint of a variant. */
export const checkpointOf = (variant: string): string => `checkpoints/${safe(variant)}.safetensors`

/** Files of the result, beside checkpoints, that only a finished run has. */
export const RESULTS = { samples: 'samples.jsonl', metrics: 'metrics.jsonl', report: 'report.html' } as const

/** Where and how long a run was at work, one line each time; no part of the result, which must not depend on it. */
export const SESSIONS = 'sessions.jsonl'
