import type { RunStart, VariantProgress } from '@posttrain/recipes'
import { MultiBar, Presets, type SingleBar } from 'cli-progress'
import { TimeLeft } from './time-left.js'

const FORMAT = '{label} {bar} {phase} {value}/{total}{rewards} · {rate} tokens/s · {left}'
/** Where nobody watches, a line every so many milliseconds is enough. */
const LINE_EVERY = 15_000

const PHASES = { prepare: 'preparing', train: 'training', measure: 'measuring' } as const

/** One bar per variant on standard error: first its training steps, then its samples. */
export class RunProgress {
  readonly #bars = new MultiBar(
    {
      format: FORMAT,
      stream: process.stderr,
      barsize: 24,
      hideCursor: true,
      noTTYOutput: true,
      notTTYSchedule: LINE_EVERY,
      emptyOnZero: true,
    },
    Presets.shades_classic,
  )
  readonly #shown = new Map<string, { phase: string; bar: SingleBar; since: number; tokens: number; time: TimeLeft }>()
  /** When each variant was last heard of: its next phase began then. */
  readonly #lastEvent = new Map<string, number>()
  readonly #start = Date.now()
  /** By name, all of one width. */
  readonly #labels: ReadonlyMap<string, string>

  constructor(variants: RunStart['variants']) {
    const width = Math.max(...variants.map(({ label }) => label.length))
    this.#labels = new Map(variants.map(({ name, label }) => [name, label.padEnd(width)]))
  }

  update({ variant, phase, done, total, tokens, reward, solved }: VariantProgress): void {
    const now = Date.now()
    let shown = this.#shown.get(variant)
    if (shown?.phase !== phase) {
      if (shown) this.#bars.remove(shown.bar)
      const time = new TimeLeft(done, now)
      const left = time.after(done, total, now)
      const payload = { label: this.#labels.get(variant)!, phase: PHASES[phase], rewards: '', rate: 0, left }
      const bar = this.#bars.create(total, 0, payload)
      shown = { phase, bar, since: this.#lastEvent.get(variant) ?? this.#start, tokens: 0, time }
      this.#shown.set(variant, shown)
    }
    this.#lastEvent.set(variant, now)
    shown.tokens += tokens
    const seconds = Math.max(0.001, (now - shown.since) / 1000)
    const rewards =
      reward === undefined || solved === undefined ? '' : ` · reward ${percent(reward)} · solved ${percent(solved)}`
    shown.bar.update(done, {
      rewards,
      rate: Math.round(shown.tokens / seconds),
      left: shown.time.after(done, total, now),
    })
  }

  stop(): void {
    this.#bars.stop()
  }
}

const percent = (share: number): string => `${(100 * share).toFixed(0)} %`
