import { createReferenceDevice } from '@posttrain/compute'
import { TabularPolicy } from '@posttrain/models'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readSelfCertainty, selfCertainty } from '../src/self-certainty.js'

describe('self-certainty', () => {
  it('of logits (2, 1, 0, −1) is that of the paper’s formula', async () => {
    expect(selfCertainty(Float64Array.of(2, 1, 0, -1))).toBeCloseTo(0.553895, 6)
    const policy = new TabularPolicy({ prompts: ['x'], words: ['a', 'b', 'c', 'd'] })
    policy.setLogits('x', [], [2, 1, 0, -1])
    const [scores] = await policy.score([{ prompt: 'x', tokens: [3] }], { scores: ['selfCertainty', 'entropy'] })
    expect(scores!.selfCertainty![0]).toBeCloseTo(0.553895, 6)
    expect(scores!.entropy![0]).toBeCloseTo(0.947537, 6)
  })

  it('is −(1/V)·Σ log(V·p), shifts of the logits aside, and 0 for the uniform distribution alone', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -300, max: 300, noNaN: true }), { minLength: 1, maxLength: 9 }),
        fc.double({ min: -1e3, max: 1e3, noNaN: true }),
        (logits, shift) => {
          const greatest = Math.max(...logits)
          const logSum = greatest + Math.log(logits.reduce((total, x) => total + Math.exp(x - greatest), 0))
          const expected = -logits.reduce((total, x) => total + Math.log(logits.length) + x - logSum, 0) / logits.length
          const found = selfCertainty(Float64Array.from(logits))
          // Rounding of numbers up to 1300, some of them added.
          expect(Math.abs(found - expected)).toBeLessThan(1e-11)
          expect(Math.abs(selfCertainty(Float64Array.from(logits, (x) => x + shift)) - found)).toBeLessThan(1e-11)
          expect(found).toBeGreaterThan(-1e-11)
        },
      ),
    )
    expect(selfCertainty(Float64Array.of(3, 3, 3))).toBeCloseTo(0, 15)
  })

  it('clips probabilities at 10⁻¹² where a token is masked, and nowhere else', () => {
    // p = (½, ½, 0): −(2·log(3/2) + log(3·10⁻¹²))/3
    const masked = -(2 * Math.log(1.5) + Math.log(3e-12)) / 3
    expect(selfCertainty(Float64Array.of(0, 0, -Infinity))).toBeCloseTo(masked, 12)
    expect(selfCertainty(Float64Array.of(0, -100))).toBeCloseTo(50 - Math.log(2), 12)
    // Beside a masked token, p = e⁻¹⁰⁰ counts as 10⁻¹² too: it is no more certain than what cannot be drawn.
    const both = -(Math.log(3) + 2 * Math.log(3e-12)) / 3
    expect(selfCertainty(Float64Array.of(0, -100, -Infinity))).toBeCloseTo(both, 12)
  })

  it('is the same however many rows come to the host at a time', async () => {
    const device = createReferenceDevice()
    const [vocabulary, rows] = [2 ** 20, 9]
    const logits = device.allocate(rows * vocabulary)
    for (let row = 0; row < rows; row++) device.write(logits.view(row * vocabulary, 1), [row])
    const expected = Array.from({ length: rows }, (_, row) => {
      return Math.log(Math.exp(row) + vocabulary - 1) - row / vocabulary - Math.log(vocabulary)
    })
    const found = await readSelfCertainty(device, logits, vocabulary)
    found.forEach((value, row) => expect(value).toBeCloseTo(expected[row]!, 9))
    expect(await readSelfCertainty(device, device.allocate(0), 4)).toHaveLength(0)
  })
})
