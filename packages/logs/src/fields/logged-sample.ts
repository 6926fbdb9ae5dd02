/** What a log says of one sample; what is absent is unscored, unparsed, or has no proxy. */
export interface LoggedSample {
  readonly reward: number | undefined
  /** Key of the answer; votes are over keys. */
  readonly answer: string | undefined
  /** Whether the answer is a text that stands for none, and is no vote. */
  readonly placeholder: boolean
  /** Another score, by which best-of-N chooses. */
  readonly proxy: number | undefined
  /** Its text, where the row has it. */
  readonly completion: string | undefined
  /** (fields): what it cost in each of the fields that were asked for, NaN where the row does not say. */
  readonly costs?: readonly number[] | undefined
}
