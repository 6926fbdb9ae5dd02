/** Forty sums, each with its right answer. */
export default () =>
  Array.from({ length: 40 }, (_, at) => ({
    vars: { term: at + 1 },
    assert: [{ type: 'equals', value: String(2 * (at + 1)) }],
  }))
