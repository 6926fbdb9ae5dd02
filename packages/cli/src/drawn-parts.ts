/** Lines that a chart can tell apart, by colour and dash. */
export const DRAWN = 18

/** What a chart leaves out, for a sentence above it. */
export const describeDrawn = (parts: readonly unknown[]): readonly string[] =>
  parts.length > DRAWN ? [`The chart has the first ${DRAWN} of ${parts.length}.`] : []
