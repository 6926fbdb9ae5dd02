/** Round numbers from `low` to `high`, at most seven of them: multiples of 1, 2 or 5 times a power of ten. */
export function ticks(low: number, high: number): readonly number[] {
  const span = high - low
  if (!(span > 0)) return [low]
  const rough = span / 6
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((one) => one >= rough)!
  const found: number[] = []
  for (let i = Math.ceil(low / step); i * step <= high + step * 1e-9; i++)
    found.push(Number((i * step).toPrecision(12)))
  return found
}
