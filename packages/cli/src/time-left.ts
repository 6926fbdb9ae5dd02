/**
 * How long something still takes, from what was done since it was first looked at: at the first look nothing is known.
 */
export class TimeLeft {
  readonly #first: { readonly done: number; readonly at: number }

  /**
   * @param done how much there is at the first look
   * @param at when that is, in milliseconds by any clock
   */
  constructor(done: number, at: number) {
    this.#first = { done, at }
  }

  /** @returns for instance `about 3 min left` */
  after(done: number, total: number, at: number): string {
    const { done: before, at: since } = this.#first
    if (done <= before || at <= since) return 'time left unknown'
    const rest = Math.max(0, total - done) // a file may grow while it is read
    return `about ${duration((rest * (at - since)) / (done - before) / 1000)} left`
  }
}

/** A time in seconds as a person says it. */
function duration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`
  return `${(seconds / 3600).toFixed(1)} h`
}
