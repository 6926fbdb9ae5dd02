import { fillWords, resamplingState } from './resample.js'

/** Of all signs of the sizes, at most 30, how many give a sum at least so far from 0. */
export function extremeOfAll(sizes: Float64Array, threshold: number): number {
  let extreme = 0
  for (let signs = 0; signs < 2 ** sizes.length; signs++) {
    let total = 0
    for (let i = 0; i < sizes.length; i++) total += (signs >>> i) & 1 ? sizes[i]! : -sizes[i]!
    if (Math.abs(total) >= threshold) extreme++
  }
  return extreme
}

/** Sizes that are met so often are counted: only the number of positive ones matters. */
const OFTEN = 32

/** Other sizes whose signs are looked up together. */
const BLOCK = 4

/**
 * Of so many random signs of the sizes, how many give a sum at least so far from 0.
 *
 * @param sizes in ascending order
 */
export function extremeOfDrawn(
  sizes: Float64Array,
  threshold: number,
  { resamples, seed }: { readonly resamples: number; readonly seed: number },
): number {
  const { runs, others } = split(sizes)
  const blocks = Math.ceil(others.length / BLOCK)
  const sums = blockSums(others, blocks)
  const runWords = runs.reduce((length, { count }) => length + Math.ceil(count / 32), 0)
  const words = new Uint32Array(runWords + Math.ceil(blocks / (32 / BLOCK)))
  const state = resamplingState(seed, 'sign-flip')
  let extreme = 0
  for (let draw = 0; draw < resamples; draw++) {
    fillWords(state, words)
    let total = 0
    let word = 0
    for (const { size, count } of runs) {
      let positive = 0
      for (let left = count; left > 0; left -= 32) {
        const bits = words[word++]!
        positive += bitsSet(left < 32 ? bits >>> (32 - left) : bits)
      }
      total += size * (2 * positive - count)
    }
    for (let block = 0; block < blocks; block++) {
      const signs = (words[runWords + (block >>> 3)]! >>> ((block & 7) * BLOCK)) & 15
      total += sums[(block << BLOCK) + signs]!
    }
    if (Math.abs(total) >= threshold) extreme++
  }
  return extreme
}

/** Sizes that are met often, with their number, and the others one by one. */
function split(sizes: Float64Array): {
  readonly runs: readonly { readonly size: number; readonly count: number }[]
  readonly others: Float64Array
} {
  const runs: { readonly size: number; readonly count: number }[] = []
  const others = new Float64Array(sizes.length)
  let alone = 0
  for (let start = 0; start < sizes.length;) {
    let end = start
    while (sizes[end] === sizes[start]) end++
    if (end - start >= OFTEN) runs.push({ size: sizes[start]!, count: end - start })
    else for (let i = start; i < end; i++) others[alone++] = sizes[i]!
    start = end
  }
  return { runs, others: others.subarray(0, alone) }
}

/** (blocks, 2^BLOCK): the sum of a block's sizes under each of its signs. */
function blockSums(sizes: Float64Array, blocks: number): Float64Array {
  const sums = new Float64Array(blocks << BLOCK)
  for (let at = 0; at < sums.length; at++) {
    const first = (at >>> BLOCK) * BLOCK
    for (let i = 0; i < BLOCK; i++) sums[at]! += ((at >>> i) & 1 ? 1 : -1) * (sizes[first + i] ?? 0)
  }
  return sums
}

/** How many bits of a 32-bit word are set. */
function bitsSet(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555)
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333)
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}
