/** The fields of a row, as its file has them. */
export type RowFields = Readonly<Record<string, unknown>>
