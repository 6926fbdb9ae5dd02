/** Names of units by what people write; the label is the first of a row. */
const rows: readonly (readonly string[])[] = [
  ['m', 'meter', 'meters', 'metre', 'metres'],
  ['cm', 'centimeter', 'centimeters', 'centimetre', 'centimetres'],
  ['mm', 'millimeter', 'millimeters', 'millimetre', 'millimetres'],
  ['km', 'kilometer', 'kilometers', 'kilometre', 'kilometres'],
  ['in', 'inch', 'inches'],
  ['ft', 'foot', 'feet'],
  ['yd', 'yard', 'yards'],
  ['mi', 'mile', 'miles'],
  ['kg', 'kilogram', 'kilograms'],
  ['g', 'gram', 'grams'],
  ['mg', 'milligram', 'milligrams'],
  ['lb', 'lbs', 'pound', 'pounds'],
  ['oz', 'ounce', 'ounces'],
  ['l', 'liter', 'liters', 'litre', 'litres'],
  ['ml', 'milliliter', 'milliliters', 'millilitre', 'millilitres'],
  ['s', 'sec', 'second', 'seconds'],
  ['min', 'minute', 'minutes'],
  ['h', 'hr', 'hrs', 'hour', 'hours'],
  ['day', 'days'],
  ['week', 'weeks'],
  ['month', 'months'],
  ['year', 'years'],
  ['mph', 'miles per hour'],
  ['km/h', 'kph', 'kilometers per hour'],
  ['m/s', 'meters per second'],
  ['degree', 'degrees', 'deg'],
  ['radian', 'radians', 'rad'],
  ['unit', 'units'],
  ['cent', 'cents'],
  ['$', 'dollar', 'dollars', 'usd'],
  ['€', 'euro', 'euros', 'eur'],
  ['£', 'gbp'],
  ['n', 'newton', 'newtons'],
  ['j', 'joule', 'joules'],
  ['w', 'watt', 'watts'],
]

const labels = new Map(rows.flatMap((row) => row.map((name) => [name, row[0]!] as const)))

/** Words that change the number before them. */
const numerals = new Set('hundred thousand million billion trillion dozen half halves third thirds percent'.split(' '))

/** The label of a unit or of what is counted, with its power: `cm^2`, `apples`; undefined for what is neither. */
export function unitLabel(text: string): string | undefined {
  const plain = text.toLowerCase().trim()
  const power = /^(?:(square|sq|cubic)\.? )?(.*?)\.?\s*(?:\^\s*([23]))?$/.exec(plain)
  const name = labels.get(power?.[2] ?? '')
  if (name === undefined) return /^[a-z]{4,}$/.test(plain) && !numerals.has(plain) ? plain : undefined
  const exponent = power?.[1] === 'cubic' ? '3' : power?.[1] !== undefined ? '2' : power?.[3]
  return exponent === undefined ? name : `${name}^${exponent}`
}
