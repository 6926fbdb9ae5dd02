/** A sample as a page for review carries it. */
export interface ReviewSample {
  readonly task_id: string
  /** Of the sample within its task. */
  readonly index: number
  /** A chat is written out. */
  readonly prompt: string
  readonly response: string
  readonly reference: string | null
  /** What was read from the response, where it is another text. */
  readonly answer: string | null
  readonly reward: number | null
  /** Why there is no reward. */
  readonly unscored?: string | undefined
  readonly why: readonly string[]
  readonly weight: number
}

/** What a page for review carries. */
export interface ReviewData {
  /** Names the page's place in the browser's store: two pages of other samples have other keys. */
  readonly key: string
  readonly samples: readonly ReviewSample[]
}
