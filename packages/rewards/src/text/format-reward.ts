import { invalidArgument, type RewardFunction } from '@posttrain/core'
import { verifierReward } from '../verifier-reward.js'

/**
 * Reward 1 for a completion that is nothing but these tagged parts, in this order, with white space between them:
 * `<think>…</think> <answer>…</answer>`. Each tag must stand in it once, so that nothing is hidden in a second one, and
 * no part may be empty.
 *
 * @param tags names such as `think`, at least one, each once
 * @param name for reports (default `format`)
 * @throws PosttrainError `invalid-argument` for tags that are none
 * @example
 * ```ts
 * formatReward(['think', 'answer']).name // => 'format'
 * ```
 */
export function formatReward(tags: readonly string[], name: string = 'format'): RewardFunction {
  if (tags.length === 0 || new Set(tags).size < tags.length) {
    throw invalidArgument(`the tags of ${name} must be one or more, each once, but are ${tags.join(', ') || 'none'}`)
  }
  const wrong = tags.find((tag) => !/^[\w-]+$/.test(tag))
  if (wrong !== undefined) {
    throw invalidArgument(`${JSON.stringify(wrong)} is no name of a tag`, 'write think for <think>…</think>')
  }
  return verifierReward(name, () => (text) => ({ correct: isOfParts(text, tags) }))
}

function isOfParts(text: string, tags: readonly string[]): boolean {
  let at = 0
  for (const tag of tags) {
    const [open, close] = [`<${tag}>`, `</${tag}>`]
    const from = text.indexOf(open)
    const to = text.indexOf(close)
    const isOnce = from === text.lastIndexOf(open) && to === text.lastIndexOf(close)
    if (from < at || to < from || !isOnce || text.slice(at, from).trim() !== '') return false
    if (text.slice(from + open.length, to).trim() === '') return false
    at = to + close.length
  }
  return text.slice(at).trim() === ''
}
