/** Digits of a number beyond which it stays a text. */
const MOST_DIGITS = 400
const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d{1,3}))?$/

/**
 * The one way to write a number of exactly this value: `1000` for `1000.0` and `1e3`; undefined for what is no number.
 *
 * @param fractions whether `2/4` is a number too, which is then written as `0.5`, or `1/3` where no decimal ends
 */
export function rationalOf(text: string, fractions: boolean): string | undefined {
  const [above, below = '1', more] = fractions ? text.split('/') : [text]
  if (more !== undefined) return undefined
  const [p, q] = [scaledOf(above!), scaledOf(below)]
  if (p === undefined || q === undefined || q.units === 0n) return undefined
  return written(p.units * 10n ** BigInt(q.places), q.units * 10n ** BigInt(p.places))
}

/** units / 10^places */
function scaledOf(text: string): { readonly units: bigint; readonly places: number } | undefined {
  const parts = DECIMAL.exec(text.replace(/^−/, '-').replace(/\.$/, ''))
  if (!parts) return undefined
  const [, sign, whole = '', fraction = '', exponent = '0'] = parts
  const digits = whole + fraction
  if (digits === '' || digits.length + Math.abs(Number(exponent)) > MOST_DIGITS) return undefined
  const places = fraction.length - Number(exponent)
  const units = BigInt(`${digits}${'0'.repeat(Math.max(0, -places))}`)
  return { units: sign === '-' ? -units : units, places: Math.max(0, places) }
}

function written(above: bigint, below: bigint): string {
  const common = gcd(above < 0n ? -above : above, below < 0n ? -below : below)
  const sign = below < 0n ? -1n : 1n
  const [p, q] = [(sign * above) / common, (sign * below) / common]
  let rest = q
  let places = 0
  for (; rest % 10n === 0n; rest /= 10n) places++
  for (; rest % 2n === 0n; rest /= 2n) places++
  for (; rest % 5n === 0n; rest /= 5n) places++
  if (rest !== 1n) return `${p}/${q}`
  const scaled = String(((p < 0n ? -p : p) * 10n ** BigInt(places)) / q).padStart(places + 1, '0')
  const [whole, fraction] = [scaled.slice(0, scaled.length - places), scaled.slice(scaled.length - places)]
  const decimals = fraction.replace(/0+$/, '')
  return `${p < 0n ? '-' : ''}${whole}${decimals === '' ? '' : `.${decimals}`}`
}

function gcd(a: bigint, b: bigint): bigint {
  while (b !== 0n) [a, b] = [b, a % b]
  return a === 0n ? 1n : a
}
