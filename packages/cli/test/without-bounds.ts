/** A table without the bounds and methods of its intervals, which the tests of estimators prove, and without its padding. */
export const withoutBounds = (table: string): string =>
  table
    .replace(/\[[^\]]*\]/g, '[…]')
    .replace(/interval: [\w-]+/g, 'interval: …')
    .replace(/ {2,}/g, '  ')
    .replace(/─+/g, '─')
