import type { ReviewData } from '../review-data.js'

/** 1 right, 0 wrong, null cannot tell. */
export type Gold = 0 | 1 | null

/** What a person has said of one sample; without `gold` it is not judged. */
export interface Judgement {
  readonly gold?: Gold | undefined
  readonly note?: string | undefined
}

/** Where verdicts are kept between visits. */
export interface Store {
  /** @returns undefined where nothing can be kept */
  read(): string | null | undefined
  /** @returns whether it is kept */
  write(text: string): boolean
}

/** A review in progress: where the person is, and what was said so far. */
export class ReviewState {
  readonly #judgements: Judgement[]
  readonly #store: Store
  /** Place of the sample that is shown. */
  place: number
  /** Whether what is said is kept between visits. */
  isKept: boolean

  constructor(
    readonly data: ReviewData,
    store: Store,
  ) {
    this.#store = store
    const kept = store.read()
    this.isKept = kept !== undefined
    this.#judgements = data.samples.map((_, i) => judgementsIn(kept ?? '')[i] ?? {})
    this.place = Math.max(0, this.#firstNotJudged(0))
  }

  get judgement(): Judgement {
    return this.#judgements[this.place]!
  }

  /** Says something of the sample that is shown; the same verdict again takes it back. */
  judge(gold: Gold): void {
    this.#say({ ...this.judgement, gold: this.judgement.gold === gold ? undefined : gold })
  }

  note(note: string): void {
    this.#say({ ...this.judgement, note: note === '' ? undefined : note })
  }

  /** Moves by so many samples, no further than the ends. */
  move(by: number): void {
    this.place = Math.min(this.data.samples.length - 1, Math.max(0, this.place + by))
  }

  /** Moves to the next sample that is not judged, from the beginning again after the last. */
  toNotJudged(): void {
    const next = this.#firstNotJudged(this.place + 1)
    if (next >= 0) this.place = next
  }

  /** For instance `3 of 50; 2 judged: 1 right, 1 wrong, 0 cannot tell`. */
  progress(): string {
    const count = (gold: Gold): number => this.#judgements.filter((one) => one.gold === gold).length
    const [right, wrong, unknown] = [count(1), count(0), count(null)]
    const judged = right + wrong + unknown
    const where = `${this.place + 1} of ${this.data.samples.length}`
    return `${where}; ${judged} judged: ${right} right, ${wrong} wrong, ${unknown} cannot tell`
  }

  /**
   * The verdicts as JSON Lines, one for each sample: whoever estimates from them must know what was not judged, which
   * has no gold.
   */
  lines(): string {
    const lines = this.data.samples.map(({ task_id, index, reward, why, weight }, i) => {
      const { gold, note } = this.#judgements[i]!
      return JSON.stringify({ task_id, index, gold, note, reward, why, weight })
    })
    return lines.map((line) => `${line}\n`).join('')
  }

  #say(judgement: Judgement): void {
    this.#judgements[this.place] = judgement
    this.isKept = this.#store.write(JSON.stringify(this.#judgements))
  }

  #firstNotJudged(from: number): number {
    const places = this.#judgements.map((_, i) => (from + i) % this.#judgements.length)
    return places.find((i) => this.#judgements[i]!.gold === undefined) ?? -1
  }
}

/** What was kept, which may be of anybody: nothing but verdicts and notes is taken from it. */
function judgementsIn(kept: string): readonly Judgement[] {
  let found: unknown
  try {
    found = JSON.parse(kept)
  } catch {
    return []
  }
  if (!Array.isArray(found)) return []
  return found.map((one: unknown): Judgement => {
    if (typeof one !== 'object' || one === null) return {}
    const { gold, note } = one as Readonly<Record<keyof Judgement, unknown>>
    return {
      ...((gold === 0 || gold === 1 || gold === null) && { gold }),
      ...(typeof note === 'string' && { note }),
    }
  })
}
