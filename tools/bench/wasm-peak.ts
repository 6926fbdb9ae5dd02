import asc from 'assemblyscript/asc'

/** Accumulators: enough to hide the latency of an addition, few enough for the registers with their operands. */
const SUMS = 8

/** Each sum takes a product of its own, of one of two vectors from memory with one of four constants. */
function source(): string {
  const sums = Array.from({ length: SUMS }, (_, i) => `c${i}`)
  const constants = [0, 1, 2, 3].map((i) => `y${i} = f32x4.splat(0.${i + 1})`)
  const step = (c: string, i: number): string => `${c} = f32x4.add(${c}, f32x4.mul(x${i >> 2}, y${i & 3}))`
  return `export function peak(rounds: i32): f32 {
    const ${constants.join(', ')}
    let ${sums.map((c) => `${c} = f32x4.splat(0)`).join(', ')}
    for (let i = 0; i < rounds; i++) {
      const x0 = v128.load(0), x1 = v128.load(16)
      ${sums.map(step).join('; ')}
    }
    return ${sums.map((c) => `f32x4.extract_lane(${c}, 0)`).join(' + ')}
  }`
}

/** A loop of multiplications and additions that leaves the registers for two loads alone; returns how many floating-point operations it did. */
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
