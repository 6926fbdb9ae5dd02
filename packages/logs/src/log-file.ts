/** A source as messages speak of it. */
export interface LogFile {
  readonly name: string
  /** What its rows are counted in, for instance `line`. */
  readonly unit: string
}

/** Where a row stands: its file, and its number from 1. */
export const placeOf = ({ name, unit }: LogFile, number: number): string => `${name}, ${unit} ${number}`
