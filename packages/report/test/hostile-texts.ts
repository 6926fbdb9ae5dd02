const run = 'globalThis.HACKED=1'

/** Texts that would break out of where they are put, or break what puts them there. */
export const hostileTexts: readonly string[] = [
  `<script>${run}</script>`,
  `</script><script>${run}</script>`,
  `"><img src=x onerror="${run}">`,
  `' onmouseover='${run}`,
  `</svg><script>${run}</script>`,
  `</style><script>${run}</script>`,
  `<!--<script>${run}</script>-->`,
  '<a href="https://evil.example/">link</a>',
  'https://evil.example/x.png',
  `javascript:${run}`,
  `{{constructor.constructor("${run}")()}}`,
  `"];${run}//`,
  `\${${run}}`,
  "$&$`$'$1$$",
  ' id="chart-1-1-0" role="img" url(#chart-1-1-0)',
  '&lt;script&gt;&amp;',
  ']]><!-- -->',
  'constructor',
  '__proto__',
  'toString',
  'datum.series',
  '\u001b[31m\u009b2J\u202e\u2066',
  'a\ud800b\u0000c',
  'x'.repeat(3000),
]
