/** What may stand around an answer: mathematics marks, Markdown, quotation marks, and what ends a sentence. */
const wraps: readonly RegExp[] = [
  /^\$\$((?:[^$\\]|\\.)*)\$\$$/,
  /^\$((?:[^$\\]|\\.)+)\$$/,
  /^\\\(([\s\S]*)\\\)$/,
  /^\\\[([\s\S]*)\\\]$/,
  /^\*\*([^*]*)\*\*$/,
  /^\*([^*]+)\*$/,
  /^__([^_]*)__$/,
  /^_([^_]+)_$/,
  /^`([^`]*)`$/,
  /^"([^"]*)"$/,
  /^'([^']*)'$/,
  /^([\s\S]*[^.])\.$/,
  /^([\s\S]+?)\s*[,;:]$/,
  /^([\s\S]*?)\s*\\\\?$/,
  /^\s*=\s*([\s\S]+)$/,
]

/** Words that say that an answer follows. */
export const announcement: RegExp =
  /^\**(?:(?:so|thus|hence|therefore|and),? +)?(?:(?:the|my|our) +)?(?:(?:final|correct|right) +)?(?:answer|result|ans)(?: +is|s? *[:=])(?: +equal to)?:?\**\s*(?=\S)/i

/** The marks of mathematics around each item of a list: `$1$, $2$` and `$1$ and $2$`. */
const marked = /^(?:\$(?:[^$\\]|\\.)+\$(?:\s*,\s*|\s+(?:and|or)\s+|\s*,\s*(?:and|or)\s+|$))+$/

/** A formula between marks, and words or signs after it: `$25$ percent`. */
const leading = /^\$((?! )(?:[^$\\]|\\.)+(?<! ))\$([^$]+)$/

/** The most layers that are taken away. */
const most = 32

/** The answer without what stands around it. */
export function unwrap(answer: string): string {
  let text = answer.replace(/\s+/g, ' ').trim()
  for (let turn = 0; turn < most; turn++) {
    const inner = innerOf(text).replace(announcement, '').trim()
    if (inner === text) return text
    text = inner
  }
  return text
}

function innerOf(text: string): string {
  for (const wrap of wraps) {
    const inner = wrap.exec(text)?.[1]
    if (inner !== undefined) return inner
  }
  const [, formula, rest] = leading.exec(text) ?? []
  if (formula !== undefined) return `${formula} ${rest!}`
  return marked.test(text) ? text.replace(/(?<!\\)\$/g, '') : text
}
