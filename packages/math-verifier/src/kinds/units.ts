/** Units by what people write; the name is the first of a row. */
const rows: readonly string[] = [
  'm meter meters metre metres',
  'cm centimeter centimeters centimetre centimetres cms',
  'mm millimeter millimeters millimetre millimetres',
  'km kilometer kilometers kilometre kilometres kms',
  'in inch inches',
  'ft foot feet',
  'yd yard yards yds',
  'mi mile miles',
  'kg kilogram kilograms kgs',
  'g gram grams gm gms',
  'mg milligram milligrams',
  'ton tons tonne tonnes',
  'lb lbs pound pounds',
  'oz ounce ounces',
  'l liter liters litre litres',
  'ml milliliter milliliters millilitre millilitres',
  'gal gallon gallons',
  'cup cups',
  'pint pints',
  'quart quarts',
  'acre acres',
  's sec secs second seconds',
  'min mins minute minutes',
  'h hr hrs hour hours',
  'day days',
  'week weeks',
  'month months',
  'year years yr yrs',
  'degree degrees deg',
  'radian radians rad',
  'unit units',
  'cent cents ¢',
  '$ dollar dollars usd',
  '€ euro euros eur',
  '£ gbp',
  '¥ yen jpy yuan cny',
  '₹ rupee rupees inr',
  'n newton newtons',
  'j joule joules',
  'w watt watts',
  'v volt volts',
  'a ampere amperes amp amps',
  'pa pascal pascals',
  'hz hertz',
  'ohm ohms ω omega',
  'k kelvin kelvins',
  'mol mole moles',
  'c celsius',
  'f fahrenheit',
  'person people persons',
  'child children',
  'man men',
  'woman women',
]

const units: ReadonlyMap<string, string> = new Map(
  rows.flatMap((row) => row.split(' ').map((name) => [name, row.split(' ')[0]!] as const)),
)

/** Units that are written in one word and stand for several. */
const compounds: ReadonlyMap<string, string> = new Map([
  ['mph', 'mi/h'],
  ['kph', 'km/h'],
  ['kmh', 'km/h'],
  ['kmph', 'km/h'],
  ['years old', 'year'],
])

/** Words that say how many or what is done, so that they are no name of what is counted. */
const quantifiers = new Set(
  (
    'percents percentages hundreds thousands millions billions trillions dozens scores tens ones pairs halves thirds ' +
    'fourths quarters fifths sixths sevenths eighths ninths tenths hundredths thousandths times plus minus less ' +
    'radicals always perhaps unless does thus various others'
  ).split(' '),
)

/** Whether a word is the plural of what is counted, such as apples. */
const isCounted = (word: string): boolean =>
  /^[a-z]{3,}s$/.test(word) && !/(?:ss|us|is)$/.test(word) && !quantifiers.has(word)

/**
 * The unit that a text names, as `cm^2` or `mi·h^-1`, or what is counted, as `apples`.
 *
 * It is read by a closed table of units, with `square`, `cubic`, `per`, `/` and powers; besides it one
 * plural noun is a label. Whatever else follows a number is none.
 */
export function unitOf(text: string): string | undefined {
  const plain = text
    .toLowerCase()
    .replace(/[.\s]+/g, ' ')
    .trim()
  const spelled = (compounds.get(plain) ?? plain)
    .replace(/\bper\b/g, '/')
    .replace(/\b(?:square|sq) (\w+)/g, '$1^2')
    .replace(/\b(?:cubic|cu) (\w+)/g, '$1^3')
    .replace(/ squared\b/g, '^2')
    .replace(/ cubed\b/g, '^3')
    .replace(/[{}]/g, '')
    .replace(/\s*\^\s*/g, '^')
  const powers = new Map<string, number>()
  const pattern = /\s*(\/?)\s*[·*]?\s*([a-z$€£¥₹¢ω\\]+)(?:\^(-?\d))?/gy
  let [at, below] = [0, false]
  for (let match = pattern.exec(spelled); match !== null; match = pattern.exec(spelled)) {
    at = pattern.lastIndex
    below ||= match[1] === '/'
    const name = units.get(match[2]!) ?? (isCounted(match[2]!) ? match[2]! : undefined)
    if (name === undefined) return undefined
    powers.set(name, (powers.get(name) ?? 0) + Number(match[3] ?? 1) * (below ? -1 : 1))
  }
  if (at < spelled.length || powers.size === 0 || powers.size > 4) return undefined
  if ([...powers.keys()].filter((name) => !units.has(name)).length > 1) return undefined
  return [...powers]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, power]) => (power === 1 ? name : `${name}^${power}`))
    .join('·')
}

/** Words by which a number before them is multiplied. */
export const scales: ReadonlyMap<string, bigint> = new Map([
  ['dozen', 12n],
  ['hundred', 100n],
  ['thousand', 10n ** 3n],
  ['million', 10n ** 6n],
  ['billion', 10n ** 9n],
  ['trillion', 10n ** 12n],
])
