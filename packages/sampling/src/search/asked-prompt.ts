import { callCallerNow, described, invalidData, isPrompt, type Prompt } from '@posttrain/core'

/**
 * The prompt that a function of the caller's gives, checked.
 *
 * @param name for instance `critique`
 * @throws PosttrainError `invalid-data`, naming the function, for anything but a prompt and for what it throws
 */
export function askedPrompt(name: string, where: string, call: () => Prompt): Prompt {
  const prompt: unknown = callCallerNow(name, where, call)
  if (isPrompt(prompt)) return prompt
  throw invalidData(`${name} gave ${described(prompt)} ${where}, not a prompt`, 'give a text, or a list of messages')
}
