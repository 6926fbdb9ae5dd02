import type { IAsyncProperty, IProperty } from 'fast-check'

/** A statement that holds for everything its arbitraries can produce, for any runner: `fc.assert(law.property)`. */
export interface Law {
  /** What holds, as a sentence that can name a test. */
  readonly name: string
  readonly property: IProperty<unknown>
}

/** A law about something that takes time: `await fc.assert(law.property)`. */
export interface AsyncLaw {
  readonly name: string
  readonly property: IAsyncProperty<unknown>
}
