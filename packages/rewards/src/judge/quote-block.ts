import type { Prompt } from '@posttrain/core'

/** A text between marks that it does not have itself, so that it cannot end the quotation and go on as the judge's. */
export function quoteBlock(label: string, text: string): string {
  let mark = label.toUpperCase()
  while (text.includes(mark)) mark += '+'
  return `[${mark}]\n${text}\n[/${mark}]`
}

/** A prompt as a judge reads it. */
export const textOfPrompt = (prompt: Prompt): string =>
  typeof prompt === 'string' ? prompt : prompt.map(({ role, content }) => `${role}: ${content}`).join('\n\n')
