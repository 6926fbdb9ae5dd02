import asc from 'assemblyscript/asc'

/** Accumulators: enough to hide the latency of an addition, few enough to stay in registers with their operands. */
const SUMS = 8

/** Each sum takes a product of its own, of one of four vectors from memory with one of two constants. */
function source(): string {
  const sums = Array.from({ length: SUMS }, (_, i) => `c${i}`)
  const step = (c: string, i: number): string => `${c} = f32x4.add(${c}, f32x4.mul(x${i >> 1}, y${i & 1}))`
  return `export function peak(rounds: i32): f32 {
    const y0 = f32x4.splat(0.5), y1 = f32x4.splat(0.25)
    let ${sums.map((c) => `${c} = f32x4.splat(0)`).join(', ')}
    for (let i = 0; i < rounds; i++) {
      const x0 = v128.load(0), x1 = v128.load(16), x2 = v128.load(32), x3 = v128.load(48)
      ${sums.map(step).join('; ')}
    }
    return ${sums.map((c) => `f32x4.extract_lane(${c}, 0)`).join(' + ')}
  }`
}

/** A loop of multiplications and additions that leaves the registers for four loads alone; returns how many floating-point operations it did. */
export async function compilePeak(): Promise<(rounds: number) => number> {
  let binary: Uint8Array<ArrayBuffer> | undefined
  const { error } = await asc.main(
    [
      'peak.ts',
      '--outFile',
      'peak.wasm',
      '-O3',
      '--runtime',
      'stub',
      '--initialMemory',
      '1',
      '--use',
      'abort=',
      '--enable',
      'simd',
    ],
    {
      readFile: (name) => (name === 'peak.ts' ? source() : null),
      writeFile: (name, contents) => {
        if (name === 'peak.wasm') binary = contents as Uint8Array<ArrayBuffer>
      },
      listFiles: () => [],
    },
  )
  if (error || binary === undefined) throw new Error('the peak program does not compile', { cause: error })
  const { instance } = await WebAssembly.instantiate(binary)
  const { peak } = instance.exports as { peak: (rounds: number) => number }
  return (rounds) => {
    peak(rounds)
    return 2 * 4 * SUMS * rounds
  }
}
