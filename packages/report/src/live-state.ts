import type { Unit } from './unit.js'

/** A quantity that a live page draws against the step. */
export interface LiveChart {
  /** By which points name it. */
  readonly key: string
  readonly title: string
  readonly unit: Unit
}

/** What there is at one step. */
export interface LivePoint {
  readonly step: number
  /** By the keys of the charts. */
  readonly values: Readonly<Record<string, number>>
}

/** One line of each chart. */
export interface LiveSeries {
  readonly name: string
  /** By increasing step. */
  readonly points: readonly LivePoint[]
  /** How far it is, in words. */
  readonly note: string
}

/** Everything that a live page shows. */
export interface LiveState {
  /** Steps of a whole series. */
  readonly steps: number
  readonly charts: readonly LiveChart[]
  readonly series: readonly LiveSeries[]
  /** A sentence about the whole. */
  readonly status: string
  /** Nothing will come any more. */
  readonly ended: boolean
}

/** What a live page is told. */
export type LiveEvent =
  | { readonly kind: 'state'; readonly state: LiveState }
  /** They replace what there was from step `from` on. */
  | { readonly kind: 'points'; readonly series: string; readonly from: number; readonly points: readonly LivePoint[] }
  | { readonly kind: 'note'; readonly series: string; readonly note: string }
  | { readonly kind: 'status'; readonly status: string; readonly ended: boolean }

/**
 * What is shown after an event.
 *
 * @param state before it; absent before the first, which is of kind `state`
 * @returns absent still, where no state has come
 * @example
 * ```ts
 * const chart = { key: 'reward', title: 'mean reward', unit: percent }
 * const state = { steps: 9, charts: [chart], series: [], status: 'running', ended: false }
 * applyLiveEvent(state, { kind: 'status', status: 'finished', ended: true }).ended // => true
 * ```
 */
export function applyLiveEvent(state: LiveState, event: LiveEvent): LiveState
export function applyLiveEvent(state: LiveState | undefined, event: LiveEvent): LiveState | undefined
export function applyLiveEvent(state: LiveState | undefined, event: LiveEvent): LiveState | undefined {
  if (event.kind === 'state') return event.state
  if (state === undefined) return undefined
  if (event.kind === 'status') return { ...state, status: event.status, ended: event.ended }
  const change = (series: LiveSeries): LiveSeries => {
    if (series.name !== event.series) return series
    if (event.kind === 'note') return { ...series, note: event.note }
    return { ...series, points: [...series.points.filter(({ step }) => step < event.from), ...event.points] }
  }
  return { ...state, series: state.series.map(change) }
}
