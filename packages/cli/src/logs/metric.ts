import { invalidArgument } from '@posttrain/core'

const KINDS = ['pass@', 'pass^', 'maj@', 'best-of-'] as const

/** What k samples are used for. */
export type MetricKind = (typeof KINDS)[number]

/** A figure that a log is asked for. */
export interface Metric {
  readonly kind: MetricKind
  readonly k: number
}

/** For instance `pass@8` or `best-of-4`. */
export const nameOf = ({ kind, k }: Metric): string => `${kind}${k}`

/** @throws PosttrainError `invalid-argument` naming the accepted forms */
export function parseMetric(name: string): Metric {
  const kind = KINDS.find((start) => name.startsWith(start))
  const k = kind === undefined ? '' : name.slice(kind.length)
  if (kind === undefined || !/^[1-9]\d{0,8}$/.test(k)) {
    throw invalidArgument(
      `the metric '${name}' is unknown`,
      'use pass@K, pass^K, maj@K or best-of-K, where K is the number of samples, for instance pass@8',
    )
  }
  return { kind, k: Number(k) }
}
