import { invalidArgument, type RewardFunction } from '@posttrain/core'
import { sampleReward } from './sample-reward.js'

/**
 * The share of letters that are of the given scripts, for language consistency as far as scripts tell languages apart:
 * Chinese within English, not French within English. 1 for a completion without letters.
 *
 * DeepSeek-AI 2025, section 2.3.2, has the share of words of the target language, https://arxiv.org/abs/2501.12948
 *
 * @param scripts names of Unicode, for instance `Latin`, or `Han`, `Hiragana` and `Katakana`
 * @param name for reports (default `language`)
 * @throws PosttrainError `invalid-argument` for no script, or one that Unicode does not have
 * @example
 * ```ts
 * scriptReward(['Latin']).name // => 'language'
 * ```
 */
export function scriptReward(scripts: readonly string[], name: string = 'language'): RewardFunction {
  if (scripts.length === 0) throw invalidArgument(`${name} must have at least one script`)
  const classes = scripts.map((script) => {
    try {
      return new RegExp(`\\p{Script=${script}}`, 'u').source
    } catch {
      throw invalidArgument(
        `${JSON.stringify(script)} is no script of Unicode`,
        'write Latin, Han, Cyrillic, Arabic ...',
      )
    }
  })
  const ofScripts = new RegExp(`(?=\\p{L})[${classes.join('')}]`, 'gu')
  return sampleReward(name, ({ text }) => {
    const letters = text.match(/\p{L}/gu)?.length ?? 0
    return letters === 0 ? 1 : (text.match(ofScripts)?.length ?? 0) / letters
  })
}
