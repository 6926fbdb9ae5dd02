/** A pair of answers, and whether they are equal; `either` where it depends on the question. */
export interface Pair {
  readonly id: string
  readonly kind: string
  readonly gold: string
  readonly answer: string
  readonly expected: boolean | 'either'
}

/** What verifiers say: accepted, not accepted, or cannot tell. */
export type Verdicts = Readonly<Record<string, boolean | 'cannot-tell'>>

export interface Comparison {
  readonly pairs: readonly Pair[]
  /** By the pair's id, then by the verifier's name. */
  readonly verdicts: ReadonlyMap<string, Verdicts>
  /** The verifiers in order: a name in `verdicts` and a title. */
  readonly verifiers: readonly (readonly [name: string, title: string])[]
  readonly versions: string
}

/** The page that puts verifiers side by side. */
export function verifiersDocument({ pairs, verdicts, verifiers, versions }: Comparison): string {
  const definite = pairs.filter(({ expected }) => expected !== 'either')
  const open = pairs.filter(({ expected }) => expected === 'either')
  const kinds = [...new Set(pairs.map(({ kind }) => kind))]
  const says = (pair: Pair, name: string): boolean | 'cannot-tell' => verdicts.get(pair.id)![name]!
  const row = (title: string, members: readonly Pair[]): string[] => [
    title,
    `${members.length}`,
    ...verifiers.map(([name]) => `${members.filter((pair) => says(pair, name) === pair.expected).length}`),
  ]
  const wrong = (name: string, accepted: boolean): string =>
    `${definite.filter((pair) => says(pair, name) === accepted && pair.expected === !accepted).length}`
  const undecided = (name: string): string => `${definite.filter((pair) => says(pair, name) === 'cannot-tell').length}`
  const disagreements = definite.filter((pair) => verifiers.some(([name]) => says(pair, name) !== pair.expected))
  return `# Verifiers of mathematics side by side

Written by \`tools/verifiers/compare.ts\`; do not edit. ${pairs.length} pairs of a reference and an answer, written for this project,
of which ${definite.length} have one right verdict and ${open.length} depend on the question. The pairs are in
\`packages/math-verifier/test/fixtures/math.jsonl\`; how the others were run is in \`tools/golden/math-verifiers.py\` (${versions}).

## Right verdicts

${table(
  ['kind', 'pairs', ...verifiers.map(([, title]) => title)],
  [
    ...kinds.map((kind) =>
      row(
        kind,
        definite.filter((pair) => pair.kind === kind),
      ),
    ),
    row('**all**', definite),
  ],
)}

${table(
  ['of the definite pairs', ...verifiers.map(([, title]) => title)],
  [
    ['accepted, though different', ...verifiers.map(([name]) => wrong(name, true))],
    ['not accepted, though equal', ...verifiers.map(([name]) => wrong(name, false))],
    ['cannot tell', ...verifiers.map(([name]) => undecided(name))],
  ],
)}

## Each disagreement

✓ accepted, ✗ not accepted, ? cannot tell; the first column of marks is the right verdict.

${table(
  ['kind', 'reference', 'answer', 'right', ...verifiers.map(([, title]) => title)],
  disagreements.map((pair) => [
    pair.kind,
    code(pair.gold),
    code(pair.answer),
    mark(pair.expected),
    ...verifiers.map(([name]) => mark(says(pair, name))),
  ]),
)}

## Pairs that depend on the question

${table(
  ['kind', 'reference', 'answer', ...verifiers.map(([, title]) => title)],
  open.map((pair) => [
    pair.kind,
    code(pair.gold),
    code(pair.answer),
    ...verifiers.map(([name]) => mark(says(pair, name))),
  ]),
)}
`
}

const mark = (verdict: boolean | 'either' | 'cannot-tell'): string =>
  verdict === true ? '✓' : verdict === false ? '✗' : '?'

/** A text as code in a cell of a table, long ones cut. */
function code(text: string): string {
  const shown = JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text)
    .slice(1, -1)
    .replaceAll('\\\\', '\\')
    .replaceAll('|', '\\|')
  return shown.includes('`') ? `\`\` ${shown} \`\`` : `\`${shown}\``
}

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
