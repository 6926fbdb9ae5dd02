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

/** Other sizes whose signs are looked up together: 4 bits of a word. */
const BLOCK = 4

/** (blocks of a word) · (signs of a block): sums that one word chooses from. */
const SUMS = 8 << BLOCK

/** Draws that are added up together, and words of them: the sums of these words then stay near the processor. */
const DRAWS = 32
const TILE = 64

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
  const blockWords = Math.ceil(others.length / 32)
  const sums = blockSums(others, 8 * blockWords)
  const runWords = runs.reduce((length, { count }) => length + Math.ceil(count / 32), 0)
  const words = Array.from({ length: DRAWS }, () => new Uint32Array(runWords + blockWords))
  const state = resamplingState(seed, 'sign-flip')
  const totals = new Float64Array(DRAWS)
  let extreme = 0
  for (let done = 0; done < resamples; done += DRAWS) {
    const draws = Math.min(DRAWS, resamples - done)
    for (let draw = 0; draw < draws; draw++) {
      fillWords(state, words[draw]!)
      totals[draw] = sumOfRuns(runs, words[draw]!)
    }
    for (let start = 0; start < blockWords; start += TILE) {
      const end = Math.min(blockWords, start + TILE)
      for (let draw = 0; draw < draws; draw++) totals[draw]! += sumOfWords(sums, words[draw]!, runWords, start, end)
    }
    for (let draw = 0; draw < draws; draw++) if (Math.abs(totals[draw]!) >= threshold) extreme++
  }
  return extreme
}

/** Σ size·(positive − negative) over sizes that are met often; their signs are the first words. */
function sumOfRuns(runs: readonly Run[], words: Uint32Array): number {
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
  return total
}

/** Σ of what some words choose, the first of them at `first`; of one word in pairs, which need not wait for another. */
function sumOfWords(sums: Float64Array, words: Uint32Array, first: number, start: number, end: number): number {
  let total = 0
  for (let word = start; word < end; word++) {
    const signs = words[first + word]!
    const at = word * SUMS
    const low = sums[at + (signs & 15)]! + sums[at + 16 + ((signs >>> 4) & 15)]!
    const next = sums[at + 32 + ((signs >>> 8) & 15)]! + sums[at + 48 + ((signs >>> 12) & 15)]!
    const third = sums[at + 64 + ((signs >>> 16) & 15)]! + sums[at + 80 + ((signs >>> 20) & 15)]!
    const high = sums[at + 96 + ((signs >>> 24) & 15)]! + sums[at + 112 + (signs >>> 28)]!
    total += low + next + (third + high)
  }
  return total
}

/** A size that is met often. */
interface Run {
  readonly size: number
  readonly count: number
}

/** Sizes that are met often, with their number, and the others one by one. */
function split(sizes: Float64Array): {
  readonly runs: readonly Run[]
  readonly others: Float64Array
} {
  const runs: Run[] = []
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
