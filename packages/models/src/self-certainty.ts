import type { Device, DeviceBuffer } from '@posttrain/compute'

/** Logits that are on the host at a time. */
const MOST_LOGITS = 2 ** 22

/** What a probability counts as, at least, beside tokens that are masked: their logarithm would be infinite. */
const LEAST = 1e-12

/**
 * The self-certainty of each row of logits, in float64 from the logits as the device holds them. No kernel computes it:
 * the logits come to the host, some rows at a time.
 *
 * @returns (rows), in nats
 */
export async function readSelfCertainty(
  device: Device,
  logits: DeviceBuffer,
  vocabulary: number,
): Promise<Float64Array> {
  const rows = logits.length / vocabulary
  const all = new Float64Array(rows)
  const most = Math.max(1, Math.floor(MOST_LOGITS / vocabulary))
  for (let first = 0; first < rows; first += most) {
    const count = Math.min(most, rows - first)
    const read = await device.read(logits.view(first * vocabulary, count * vocabulary))
    for (let row = 0; row < count; row++) {
      all[first + row] = selfCertainty(read.subarray(row * vocabulary, (row + 1) * vocabulary))
    }
  }
  return all
}

/**
 * KL(uniform ‖ p) = −(1/V)·Σⱼ log(V·pⱼ) = log Σⱼ exp(lⱼ) − mean(l) − log V, of logits l (Kang et al. 2025,
 * https://arxiv.org/abs/2502.18581). Where a token is masked by the logit −∞, every p of the row counts as at least
 * 10⁻¹²; without one nothing is clipped.
 *
 * @returns in nats, ≥ 0 but for rounding
 */
export function selfCertainty(logits: Float64Array): number {
  let greatest = -Infinity
  for (const logit of logits) greatest = Math.max(greatest, logit)
  let total = 0
  for (const logit of logits) total += Math.exp(logit - greatest)
  const logSum = Math.log(total)
  const isMasked = logits.includes(-Infinity)
  let sum = 0
  for (const logit of logits) {
    const logp = logit - greatest - logSum
    sum += isMasked ? Math.max(logp, Math.log(LEAST)) : logp
  }
  return -sum / logits.length - Math.log(logits.length)
}
