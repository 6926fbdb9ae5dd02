import { labelOf, type SystemProgress } from '@posttrain/recipes'
import { MultiBar, Presets, type SingleBar } from 'cli-progress'

const FORMAT = '{label} {bar} {phase} {value}/{total}{rewards} · {rate} tokens/s · {eta_formatted} left'
/** Where nobody watches, a line every so many milliseconds is enough. */
const LINE_EVERY = 15_000

const PHASES = { prepare: 'preparing', train: 'training', measure: 'measuring' } as const

/** One bar per system on standard error: first its training steps, then its samples. */
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
  readonly #shown = new Map<string, { phase: string; bar: SingleBar; since: number; tokens: number }>()
  /** When each system was last heard of: its next phase began then. */
  readonly #lastEvent = new Map<string, number>()
  readonly #start = Date.now()
  readonly #width: number

  constructor(systems: readonly string[]) {
    this.#width = Math.max(...systems.map((system) => labelOf(system).length))
  }

  update({ system, phase, done, total, tokens, reward, solved }: SystemProgress): void {
    let shown = this.#shown.get(system)
    if (shown?.phase !== phase) {
      if (shown) this.#bars.remove(shown.bar)
      const bar = this.#bars.create(total, 0, this.#payload(system, phase, '', 0))
      shown = { phase, bar, since: this.#lastEvent.get(system) ?? this.#start, tokens: 0 }
      this.#shown.set(system, shown)
    }
    this.#lastEvent.set(system, Date.now())
    shown.tokens += tokens
    const seconds = Math.max(0.001, (Date.now() - shown.since) / 1000)
    const rewards =
      reward === undefined || solved === undefined ? '' : ` · reward ${percent(reward)} · solved ${percent(solved)}`
    shown.bar.update(done, this.#payload(system, phase, rewards, shown.tokens / seconds))
  }

  stop(): void {
    this.#bars.stop()
  }

  #payload(system: string, phase: SystemProgress['phase'], rewards: string, rate: number): object {
    return {
      label: labelOf(system).padEnd(this.#width),
      phase: PHASES[phase],
      rewards,
      rate: Math.round(rate),
    }
  }
}

const percent = (share: number): string => `${(100 * share).toFixed(0)} %`
