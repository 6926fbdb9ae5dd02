/** Unicode signs by the command or sign that TeX has for each. */
const signs: readonly (readonly [signs: string, by: string])[] = [
  ['\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000', ' '],
  ['\u200b\u200c\u200d\u200e\u200f\u2060\ufeff', ''],
  ['−–‒—―‐‑﹣', '-'],
  ['×⋅·∙∗•✕', '\\cdot '],
  ['÷∕⁄', '/'],
  ['≤⩽', '\\le '],
  ['≥⩾', '\\ge '],
  ['≠', '\\ne '],
  ['±', '\\pm '],
  ['∓', '\\mp '],
  ['∞', '\\infty '],
  ['∪', '\\cup '],
  ['∩', '\\cap '],
  ['∖', '\\setminus '],
  ['∈', '\\in '],
  ['≡', '\\equiv '],
  ['≈', '\\approx '],
  ['∅', '\\emptyset '],
  ['ℝ', '\\mathbb{R}'],
  ['ℤ', '\\mathbb{Z}'],
  ['ℕ', '\\mathbb{N}'],
  ['ℚ', '\\mathbb{Q}'],
  ['ℂ', '\\mathbb{C}'],
  ['°º', '^\\circ '],
  ['∣', '|'],
  ['∠', '\\angle '],
  ['⟨〈', '\\langle '],
  ['⟩〉', '\\rangle '],
  ['…', '\\dots '],
  ['∑', '\\sum '],
  ['∏', '\\prod '],
  ['∫', '\\int '],
  ['Ω', '\\Omega '],
  ['“”„«»', '"'],
  ['‘’′', "'"],
  ['″', "''"],
  ['٫', '.'],
  ['٬', ','],
]

const greek =
  'alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho - sigma tau upsilon phi chi psi omega'.split(
    ' ',
  )

const byChar = new Map<string, string>([
  ...signs.flatMap(([chars, by]) => [...chars].map((char) => [char, by] as const)),
  ...greek.map((name, at) => [String.fromCodePoint(0x3b1 + at), `\\${name} `] as const),
  ['ϕ', '\\phi '],
  ['Γ', '\\Gamma '],
  ['Δ', '\\Delta '],
  ['Θ', '\\Theta '],
  ['Σ', '\\Sigma '],
])

/** The digits of each script stand in a row; the code of each 0 that compatibility forms leave as it is. */
const zeros: readonly number[] = [0x660, 0x6f0, 0x966, 0x9e6, 0xa66, 0xe50]

function digit(char: string): string {
  const code = char.codePointAt(0)!
  const zero = zeros.find((first) => code >= first && code < first + 10)
  return zero === undefined ? char : String(code - zero)
}

/** A run of small raised or lowered signs, as full signs after ^ or _. */
const script =
  (mark: string) =>
  (run: string): string =>
    `${mark}{${run.normalize('NFKC')}}`

/** The text with signs of Unicode written in ASCII and TeX: digits of all scripts are digits, ½ is a fraction. */
export function asciiOf(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return text
  return text
    .replace(/\p{No}/gu, (char) => {
      const [top, bottom] = char.normalize('NFKC').split('\u2044')
      return bottom === undefined ? char : `\\frac{${top!}}{${bottom}}`
    })
    .replace(/[⁰¹²³⁴-⁹⁺⁻⁽⁾ⁿⁱ]+/g, script('^'))
    .replace(/[₀-₉₊₋₍₎]+/g, script('_'))
    .replace(/[\u{1d400}-\u{1d7ff}\uff01-\uff5e]/gu, (char) => char.normalize('NFKC'))
    .replace(/[√∛∜]\s*(\d+(?:\.\d+)?)?/g, (sign, number: string | undefined) => {
      const root = { '√': '\\sqrt', '∛': '\\sqrt[3]', '∜': '\\sqrt[4]' }[sign[0]!]!
      return number === undefined ? `${root} ` : `${root}{${number}}`
    })
    .replace(/\p{Nd}/gu, digit)
    .replace(/[^\x20-\x7e]/gu, (char) => byChar.get(char) ?? char)
}
