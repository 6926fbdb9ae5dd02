/** One comparison: `ratio` is ours / peer_value. */
export interface Result {
  readonly bench: string
  readonly ours: number
  readonly peer: string
  readonly peer_value: number
  readonly ratio: number
  readonly unit: string
}

const figure = (x: number): string => x.toPrecision(3)

/** Prints each result as a line of JSON, then all of them as a table. */
export function report(results: readonly Result[]): void {
  for (const result of results) process.stdout.write(`${JSON.stringify(result)}\n`)
  const width = Math.max(...results.map((r) => r.bench.length))
  const peerWidth = Math.max(...results.map((r) => r.peer.length))
  process.stdout.write(`\n${'bench'.padEnd(width)}      ours      peer     ratio  unit\n`)
  for (const r of results) {
    const figures = [r.ours, r.peer_value, r.ratio].map((x) => figure(x).padStart(10)).join('')
    process.stdout.write(`${r.bench.padEnd(width)}${figures}  ${r.unit}, ${r.peer.padEnd(peerWidth)}\n`)
  }
}
