const fractions: Readonly<Record<string, string>> = {
  '½': '1/2',
  '⅓': '1/3',
  '⅔': '2/3',
  '¼': '1/4',
  '¾': '3/4',
  '⅕': '1/5',
  '⅖': '2/5',
  '⅗': '3/5',
  '⅘': '4/5',
  '⅙': '1/6',
  '⅚': '5/6',
  '⅛': '1/8',
  '⅜': '3/8',
  '⅝': '5/8',
  '⅞': '7/8',
}

const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹'

/** What Unicode and TeX write in several ways, in one way: rules in order. */
const rules: readonly (readonly [RegExp, string | ((match: string, ...groups: string[]) => string)])[] = [
  [/[\u200b-\u200d\ufeff\u2060]/g, ''],
  [/[\u00a0\u2000-\u200a\u202f]/g, ' '],
  [/[−–‒]/g, '-'],
  [/[½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞]/g, (c) => ` ${fractions[c]!}`],
  [/[⁰¹²³⁴⁵⁶⁷⁸⁹]+/g, (run) => `^{${[...run].map((c) => superscripts.indexOf(c)).join('')}}`],
  [/[٠-٩]/g, (c) => String(c.charCodeAt(0) - 0x660)],
  [/[０-９]/g, (c) => String(c.charCodeAt(0) - 0xff10)],
  [/٫/g, '.'],
  [/√\s*(\d+|[a-z]|π)/g, (_, x) => `\\sqrt{${x}}`],
  [/√\s*\(([^()]*)\)/g, (_, x) => `\\sqrt{${x}}`],
  [/[×⋅·∙]/g, '\\cdot '],
  [/÷/g, '/'],
  [/π/g, '\\pi '],
  [/∞/g, '\\infty '],
  [/≤/g, '\\le '],
  [/≥/g, '\\ge '],
  [/≠/g, '\\ne '],
  [/±/g, '\\pm '],
  [/∪/g, '\\cup '],
  [/[∅]/g, '\\emptyset '],
  [/ℝ/g, '\\mathbb{R}'],
  [/°/g, '^\\circ '],
  [/\\(?:left|right|big|Big|bigg|Bigg)[lr]?(?![a-zA-Z])\.?/g, ''],
  [/(\d)(?:\\,|\\!|\{,\})(?=\d{3}(?!\d))/g, (match, digit) => (match.endsWith('!') ? digit : `${digit},`)],
  [/,\\!/g, ','],
  [/(?<!\\)\\!/g, ''],
  [/\{,\}/g, ','],
  [/(?<!\\)\\(?:[,;:> ]|quad(?![a-zA-Z])|qquad(?![a-zA-Z]))|~/g, ' '],
  [/\\(?:displaystyle|textstyle|limits)(?![a-zA-Z])/g, ' '],
  [/\\[dtc]frac(?![a-zA-Z])/g, '\\frac'],
  [/\\(?:dbinom|tbinom)(?![a-zA-Z])/g, '\\binom'],
  [/\\(?:textbf|textit|textrm|textsf|mbox|mathrm|operatorname|hbox)(?![a-zA-Z])\s*\{/g, '\\text{'],
  [/\\(?:mathbf|mathit|boldsymbol|underline|boxed|fbox|bf|bm)(?![a-zA-Z])\s*\{/g, '{'],
  [/\^\s*\{?\s*\\circ\s*\}?/g, '\\degree '],
  [/\\cdot(?![a-zA-Z])|\\times(?![a-zA-Z])|\\ast(?![a-zA-Z])/g, '*'],
  [/\*\*/g, '^'],
]

/** An answer without what surrounds it and with one way of writing what Unicode and TeX write in several. */
export function normalise(answer: string): string {
  let text = answer.trim()
  for (;;) {
    const inner = unwrapped(text).trim()
    if (inner === text) break
    text = inner
  }
  for (const [pattern, by] of rules) text = text.replace(pattern, by as string)
  return text.replace(/\s+/g, ' ').trim()
}

const wraps: readonly RegExp[] = [
  /^\$\$([^$]*)\$\$$/,
  /^\$([^$]*[^$\\])\$$/,
  /^\\\(([\s\S]*)\\\)$/,
  /^\\\[([\s\S]*)\\\]$/,
  /^\*\*([^*]*)\*\*$/,
  /^([\s\S]*[^.])\.$/,
  /^([\s\S]*?)\s*\\\\$/,
]

function unwrapped(text: string): string {
  for (const wrap of wraps) {
    const inner = wrap.exec(text)?.[1]
    if (inner !== undefined) return inner
  }
  return text
}

/** The text with the content of each \text{…} in place of it. */
export const withoutTextCommands = (text: string): string =>
  text
    .replace(/\\text\s*\{([^{}]*)\}/g, ' $1 ')
    .replace(/[{}]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
