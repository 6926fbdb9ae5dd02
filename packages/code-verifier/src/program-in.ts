/**
 * The program in a model's answer: the last block in a Markdown fence, one that was cut off included; without a fence
 * all of the text.
 *
 * @example
 * ```ts
 * programIn('Here it is:\n```python\nx = 1\n```\nDone.') // => 'x = 1\n'
 * ```
 */
export function programIn(text: string): string {
  const fence = /^(`{3,}|~{3,})[^\n]*\n([\s\S]*?)(?:^\1[ \t]*$|$(?![\s\S]))/gm
  return [...text.matchAll(fence)].at(-1)?.[2] ?? text
}
