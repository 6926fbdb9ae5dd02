import { invalidArgument, invalidData, shown } from '@posttrain/core'
import type { Place, ReaderOptions } from './format.js'

/** Names that a message lists. */
const NAMED = 20

/**
 * Which of the scores of a sample is its reward: the one that was asked for; else the one that the file names as its
 * main; else the only one. Which of several counts is never guessed.
 *
 * @param names of the scores there are
 * @param main of them, where the file says so
 * @throws PosttrainError where the one asked for is not there, or several are and none was asked for
 */
export function chosenScore(
  names: readonly string[],
  main: string | undefined,
  { score, scoreOption, onScore }: ReaderOptions,
  { where }: Place,
): string {
  if (score !== undefined) {
    if (names.includes(score)) return score
    throw invalidArgument(`${where}: there is no score ${shown(score)}`, `there is: ${listed(names)}`)
  }
  if (main !== undefined) {
    if (names.length > 1) onScore(main)
    return main
  }
  if (names.length === 1) return names[0]!
  if (names.length === 0) throw invalidData(`${where}: there is no score`, 'the program that wrote it gave none')
  throw invalidData(
    `${where}: there are several scores (${listed(names)}), and which one counts is not said`,
    `choose one with ${scoreOption} NAME`,
  )
}

const listed = (names: readonly string[]): string =>
  names
    .slice(0, NAMED)
    .map((name) => shown(name))
    .join(', ') + (names.length > NAMED ? ' …' : '')
