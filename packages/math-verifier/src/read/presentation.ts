type Rule = readonly [pattern: RegExp, by: string | ((match: string, ...groups: string[]) => string)]

/** Commands by what stands for them: one spelling of several, or a space for what only says how something looks. */
const spellings: ReadonlyMap<string, string> = byName([
  ['\\{', 'lbrace'],
  ['\\}', 'rbrace'],
  ['[', 'lbrack'],
  [']', 'rbrack'],
  ['|', 'lvert rvert vert mid'],
  ['\\|', 'lVert rVert Vert'],
  [' ', 'quad qquad enspace thinspace medspace thickspace space hfill hfil nobreak allowbreak noindent'],
  [' ', 'displaystyle textstyle scriptstyle scriptscriptstyle limits nolimits strut relax boldmath centering'],
  [' ', 'tiny small normalsize large Large LARGE huge Huge bf it rm sf tt sl em'],
  ['\\frac', 'dfrac tfrac cfrac sfrac nicefrac'],
  ['\\binom', 'dbinom tbinom'],
  ['\\le ', 'leqslant leq'],
  ['\\ge ', 'geqslant geq'],
  ['\\ne ', 'neq'],
  ['\\emptyset', 'varnothing'],
  ['\\phi', 'varphi'],
  ['\\epsilon', 'varepsilon'],
  ['\\theta', 'vartheta'],
  ['\\dots', 'ldots cdots dotsc dotsb'],
  ['\\$', 'textdollar'],
  ['£', 'pounds'],
  ['€', 'euro'],
  ['/', 'div'],
  ['\\degree ', 'textdegree deg'],
  ['*', 'cdot times ast'],
])

/** Commands whose argument is what counts, by what stands for them and its opening brace. */
const wrappers: ReadonlyMap<string, string> = byName([
  ['\\text{', 'text textbf textit textrm textsf texttt textnormal textup emph mbox mathrm hbox rm'],
  ['{', 'mathbf mathit mathsf mathtt mathnormal boldsymbol bm bold mathord ensuremath'],
  ['{', 'underline boxed fbox framebox bbox'],
])

function byName(rows: readonly (readonly [by: string, names: string])[]): ReadonlyMap<string, string> {
  return new Map(rows.flatMap(([by, names]) => names.split(' ').map((name) => [name, by] as const)))
}

/** What TeX writes in several ways, in one way, in order; `\hspace{…}` and the like are read away. */
const ofTeX: readonly Rule[] = [
  [/\\(?:left|right|middle|[bB]igg?[lrm]?)(?![a-zA-Z])\s*\.?/g, ''],
  [/(\d)(?:\\[,!;: ]|\{,\})(?=\d{3}(?!\d))/g, (match, digit) => (match.endsWith('!') ? digit : `${digit},`)],
  [/,\\!/g, ','],
  [/(?<!\\)\\!/g, ''],
  [/(?<!\\)\\[,;:> ]/g, ' '],
  [/\\(?:[hv]space|[hv]?phantom|tag|label|mspace)\*?\s*\{[^{}]*\}/g, ' '],
  [/\\color\s*(?:\[\w+\])?\s*\{[^{}]*\}/g, ' '],
  [/\\(?:textcolor|colorbox|fcolorbox\s*\{[^{}]*\})\s*\{[^{}]*\}\s*\{/g, '{'],
  [
    /\\(?:operatorname|operatornamewithlimits|mathop)\*?\s*\{\s*(?:\\text\w*\s*\{|\\mathrm\s*\{)?([a-zA-Z]+)\}{1,2}/g,
    '\\$1 ',
  ],
  [/\\not\s*=/g, '\\ne '],
  [/\^\s*\{?\s*\\(?:circ|degree)(?![a-zA-Z])\s*\}?/g, '\\degree '],
  [
    /\\([a-zA-Z]+)(\s*\{)?/g,
    (match, name, brace = '') => {
      const wrapper = brace === '' ? undefined : wrappers.get(name)
      const spelling = spellings.get(name)
      return wrapper ?? (spelling === undefined ? match : `${spelling}${brace}`)
    },
  ],
  [/\\text\{\s*[.,;]?\s*\}$/g, ''],
  // Repeating decimals: digits under a bar or between dots.
  [/(\.\d*)\\dot\s*\{?(\d)\}?(\d*)\\dot\s*\{?(\d)\}?/g, '$1\\overline{$2$3$4}'],
  [/(\.\d*)\\(?:dot|bar|overline)\s*\{?\s*(\d+)\s*\}?/g, '$1\\overline{$2}'],
]

/** The same for plain text. */
const ofText: readonly Rule[] = [
  [/~/g, ' '],
  [/(\d)\{,\}(?=\d{3}(?!\d))/g, '$1,'],
  [/\{([,:])\}/g, '$1'],
  [/!=/g, '\\ne '],
  [/<=|=</g, '\\le '],
  [/>=/g, '\\ge '],
  [/\+\s*\/\s*-/g, '\\pm '],
  [/\.\.\./g, '\\dots '],
  [/\*\*/g, '^'],
  [/(\d)\s*[xX]\s*(10\s*\^)/g, '$1*$2'],
  // Repeating decimals: digits in brackets right after the point, or at the end of all.
  [/(^|[^\d.])(\d*\.)\((\d+)\)/g, '$1$2\\overline{$3}'],
  [/^([-+]?\d*\.\d*)\((\d+)\)$/g, '$1\\overline{$2}'],
]

/** The text without what only says how it looks, and with one way of writing each thing. */
export function withoutPresentation(text: string): string {
  const rules = text.includes('\\') ? [...ofTeX, ...ofText] : ofText
  return rules.reduce((result, [pattern, by]) => result.replace(pattern, by as string), text)
}
