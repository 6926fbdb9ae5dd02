/**
 * What a judgement says after `WORD:` on its last line that is not empty, without the spaces and the stars of Markdown
 * around it; undefined where the last line is another.
 */
export function lastLine(judgement: string, word: string): string | undefined {
  const line = judgement.trimEnd().split('\n').at(-1)!.replaceAll('*', '').trim()
  return line.startsWith(`${word}:`) ? line.slice(word.length + 1).trim() : undefined
}
