type Rule = readonly [pattern: RegExp, by: string | ((match: string, ...groups: string[]) => string)]

/** A command of one of the names, by alternation; what follows it is no letter. */
const command = (names: string, rest = ''): RegExp =>
  new RegExp(`\\\\(?:${names.replaceAll(' ', '|')})(?![a-zA-Z])${rest}`, 'g')

/** What TeX and plain text write in several ways, in one way: rules in order. What is read away has no value. */
const rules: readonly Rule[] = [
  // Delimiters.
  [command('left right middle'), '\\delimiter'],
  [command('big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr'), '\\delimiter'],
  [/\\delimiter\s*\.?/g, ''],
  [command('lbrace'), '\\{'],
  [command('rbrace'), '\\}'],
  [command('lbrack'), '['],
  [command('rbrack'), ']'],
  [command('lvert rvert vert mid'), '|'],
  [command('lVert rVert Vert'), '\\|'],
  // Thousands and spaces.
  [/(\d)(?:\\,|\\!|\\;|\\:|\\ |\{,\})(?=\d{3}(?!\d))/g, (match, digit) => (match.endsWith('!') ? digit : `${digit},`)],
  [/,\\!/g, ','],
  [/\{([,:])\}/g, '$1'],
  [/(?<!\\)\\!/g, ''],
  [/(?<!\\)\\[,;:> ]|~/g, ' '],
  [command('quad qquad enspace thinspace medspace thickspace space hfill hfil nobreak allowbreak noindent'), ' '],
  [command('hspace vspace hphantom vphantom phantom tag label mspace', '\\*?\\s*\\{[^{}]*\\}'), ' '],
  // Style and colour.
  [command('displaystyle textstyle scriptstyle scriptscriptstyle limits nolimits strut relax boldmath centering'), ' '],
  [command('tiny small normalsize large Large LARGE huge Huge bf it rm sf tt sl em'), ' '],
  [command('color', '\\s*(?:\\[\\w+\\])?\\s*\\{[^{}]*\\}'), ' '],
  [command('textcolor colorbox', '\\s*\\{[^{}]*\\}\\s*\\{'), '{'],
  [command('fcolorbox', '\\s*\\{[^{}]*\\}\\s*\\{[^{}]*\\}\\s*\\{'), '{'],
  [command('text textbf textit textrm textsf texttt textnormal textup emph mbox mathrm hbox rm', '\\s*\\{'), '\\text{'],
  [
    command('operatorname operatornamewithlimits mathop', '\\*?\\s*\\{\\s*(?:\\\\text\\s*\\{)?([a-zA-Z]+)\\}{1,2}'),
    '\\$1 ',
  ],
  [
    command(
      'mathbf mathit mathsf mathtt mathnormal boldsymbol bm bold underline boxed fbox framebox bbox ensuremath mathord',
      '\\s*\\{',
    ),
    '{',
  ],
  [/\\text\{\s*[.,;]?\s*\}$/g, ''],
  // Names with several spellings.
  [command('dfrac tfrac cfrac sfrac nicefrac'), '\\frac'],
  [command('dbinom tbinom'), '\\binom'],
  [command('leqslant leq'), '\\le'],
  [command('geqslant geq'), '\\ge'],
  [/\\not\s*=|\\neq(?![a-zA-Z])|!=/g, '\\ne '],
  [/<=|=</g, '\\le '],
  [/>=/g, '\\ge '],
  [/\+\s*\/\s*-/g, '\\pm '],
  [command('varnothing'), '\\emptyset'],
  [command('varphi'), '\\phi'],
  [command('varepsilon'), '\\epsilon'],
  [command('vartheta'), '\\theta'],
  [command('ldots cdots dotsc dotsb'), '\\dots'],
  [/\.\.\./g, '\\dots '],
  [command('textdollar'), '\\$$'],
  [command('pounds'), '£'],
  [command('euro'), '€'],
  [command('div'), '/'],
  [command('textdegree'), '\\degree'],
  [/\^\s*\{?\s*\\circ\s*\}?|\^\s*\{?\\degree\}?/g, '\\degree '],
  [command('cdot times ast'), '*'],
  [/\*\*/g, '^'],
  [/(\d)\s*[xX]\s*(10\s*\^)/g, '$1*$2'],
  // Repeating decimals: digits under a bar, between dots, or in brackets right after the point.
  [/(\.\d*)\\dot\s*\{?(\d)\}?(\d*)\\dot\s*\{?(\d)\}?/g, '$1\\overline{$2$3$4}'],
  [/(\.\d*)\\(?:dot|bar|overline)\s*\{?\s*(\d+)\s*\}?/g, '$1\\overline{$2}'],
  [/(^|[^\d.])(\d*\.)\((\d+)\)/g, '$1$2\\overline{$3}'],
  [/^([-+]?\d*\.\d*)\((\d+)\)$/g, '$1\\overline{$2}'],
]

/** The text without what only says how it looks, and with one way of writing each thing. */
export const withoutPresentation = (text: string): string =>
  rules.reduce((result, [pattern, by]) => result.replace(pattern, by as string), text)
