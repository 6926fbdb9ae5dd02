import { requireInteger, requireFinite } from '@posttrain/core'

/** Bounds of one program, each enforced from outside its interpreter. */
export interface ProgramLimits {
  /** Wall time of the program and its tests together, in seconds: 10 unless told otherwise. */
  readonly seconds?: number | undefined
  /** Memory of its interpreter, in bytes: 256 MiB unless told otherwise, and at least 64 MiB. */
  readonly memory?: number | undefined
  /** What it may write, and return in one call, in bytes: 1 MiB unless told otherwise. */
  readonly output?: number | undefined
}

/** All of them. */
export type Limits = { readonly [K in keyof ProgramLimits]-?: number }

const MEBIBYTE = 2 ** 20

/** @throws PosttrainError `invalid-argument` for a limit that is no number or too small */
export function requireLimits({
  seconds = 10,
  memory = 256 * MEBIBYTE,
  output = MEBIBYTE,
}: ProgramLimits = {}): Limits {
  return {
    seconds: requireFinite('limits.seconds', seconds, { above: 0, max: 3600 }),
    memory: requireInteger('limits.memory', memory, { min: 64 * MEBIBYTE, max: 4096 * MEBIBYTE }),
    output: requireInteger('limits.output', output, { min: 1 }),
  }
}
