import type { IProperty } from 'fast-check'

/** A statement that holds for everything its arbitraries can produce, for any runner: `fc.assert(law.property)`. */
export interface Law {
  /** What holds, as a sentence that can name a test. */
  readonly name: string
  readonly property: IProperty<unknown>
}
