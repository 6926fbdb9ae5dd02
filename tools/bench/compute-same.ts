import type { Worker } from './worker.js'

/** All start from the same weights and batch: the same model gives the same losses, step after step. */
export async function requireSameLosses(sides: Readonly<Record<string, Worker>>): Promise<void> {
  for (let step = 0; step < 3; step++) {
    const losses: [string, number][] = []
    for (const [name, side] of Object.entries(sides)) losses.push([name, (await side.ask('loss')) as number])
    for (const [name, loss] of losses) {
      const [, first] = losses[0]!
      if (!(Math.abs(loss - first) <= 1e-4)) throw new Error(`loss ${step} differs: ours ${first}, ${name} ${loss}`)
    }
  }
}

/** Fed with the same tokens, all must have the same logits at the last position. */
export async function requireSameLogits(sides: Readonly<Record<string, Worker>>): Promise<void> {
  const [[, ours], ...peers] = Object.entries(sides) as [[string, Worker], ...[string, Worker][]]
  const expected = (await ours.ask('forced')) as number[]
  for (const [name, peer] of peers) {
    const logits = (await peer.ask('forced')) as number[]
    const gap = expected.reduce((most, x, i) => Math.max(most, Math.abs(x - logits[i]!)), 0)
    if (logits.length !== expected.length || !(gap <= 1e-3)) throw new Error(`logits of ${name} differ by ${gap}`)
  }
}
