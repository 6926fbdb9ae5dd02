import { invalidArgument, sum } from '@posttrain/core'
import type { TiesOfCounts, Vote, VoteClass } from './plurality-vote.js'

/** Below this a weight changes no digit of any result. */
const NOTHING = 1e-30

/** Some seconds. */
const MOST_STEPS = 1e8

/** The powers of a root of unity. */
interface Root {
  readonly re: (exponent: number) => number
  readonly im: (exponent: number) => number
}

/**
 * `pluralitySum` where samples are many: at a root of unity ω the programme over heights has no convolutions, for an
 * answer is then a number Σ wⱼωʲ, and the coefficient of the total is the mean over the roots.
 *
 * To about 1e-16·√total of the greatest reward, not of the sum itself. Each point takes, for every height, as many
 * steps as answers that can have it times those that can share it.
 *
 * @throws PosttrainError `invalid-argument` for more steps than anybody waits for
 */
export function pluralityByFourier(vote: Vote, ties: TiesOfCounts): number {
  // Totals that differ by so many are told apart: the total deviates by √k at most, and this is 9 times that.
  const points = Math.ceil(18 * Math.sqrt(vote.total)) + 40
  const heights = reachedHeights(vote)
  requireSteps(vote, heights, points)
  const rising = [...vote.classes].sort((a, b) => a.weights.length - b.weights.length)
  const rewards = rising.map(({ weights, reward }) =>
    weights.map((weight, m) => (m === 0 || weight < NOTHING ? 0 : reward(m))),
  )
  const angles = Array.from({ length: points }, (_, i) => (2 * Math.PI * i) / points)
  const [cosines, sines] = [Float64Array.from(angles, Math.cos), Float64Array.from(angles, Math.sin)]
  let total = 0
  // The roots of the other half are the conjugates of these.
  for (let s = 0; 2 * s <= points; s++) {
    const root = { re: (j: number) => cosines[(s * j) % points]!, im: (j: number) => sines[(s * j) % points]! }
    const [re, im] = atRoot(vote, ties, rising, rewards, heights, root)
    const value = re * root.re(vote.total) + im * root.im(vote.total) // times ω^−total
    total += s === 0 || 2 * s === points ? value : 2 * value
  }
  return total / points
}

/** The numbers of votes that some answer may have. */
const reachedHeights = ({ classes, total }: Vote): number[] =>
  Array.from({ length: total }, (_, i) => i + 1).filter((m) => classes.some(({ weights }) => weights[m]! > NOTHING))

function requireSteps({ classes, total }: Vote, heights: readonly number[], points: number): void {
  const perPoint = sum(heights.map((m) => classes.length * Math.min(classes.length, total / m)))
  const steps = perPoint * points
  if (steps > MOST_STEPS) {
    throw invalidArgument(
      `a vote of ${total} among ${classes.length} answers takes ${steps.toExponential(0)} steps, and at most ${MOST_STEPS.toExponential(0)} are taken`,
      'let fewer samples vote',
    )
  }
}

/** The sum over all totals, each with its power of ω. */
function atRoot(
  { abstentions, total }: Vote,
  ties: TiesOfCounts,
  rising: readonly VoteClass[],
  rewards: readonly Float64Array[],
  heights: readonly number[],
  root: Root,
): [re: number, im: number] {
  const answers = rising.length
  // Σ wⱼωʲ over fewer than m votes for each answer, and the product of all that cannot have m votes with who abstains.
  const fewer = new Numbers(answers)
  rising.forEach(({ weights }, a) => fewer.add(a, weights[0]!, 0))
  const low = new Numbers(1)
  abstentions.forEach((w, j) => w > NOTHING && low.add(0, w * root.re(j), w * root.im(j)))
  // By the number of answers with m votes: the weight of the others' counts, and that times the rewards at the top.
  const [weight, rewarded] = [new Numbers(answers + 1), new Numbers(answers + 1)]
  let [re, im, merged] = [0, 0, 0]
  for (const m of heights) {
    for (; merged < answers && rising[merged]!.weights.length <= m; merged++)
      low.multiply(0, fewer.re[merged]!, fewer.im[merged]!)
    if (merged === answers) break
    const most = Math.min(answers - merged, Math.floor(total / m))
    weight.re.fill(0)
    weight.im.fill(0)
    rewarded.re.fill(0)
    rewarded.im.fill(0)
    weight.add(0, low.re[0]!, low.im[0]!)
    const [cosine, sine] = [root.re(m), root.im(m)]
    for (let a = merged; a < answers; a++) {
      const w = rising[a]!.weights[m]!
      const [topRe, topIm, reward] = [w * cosine, w * sine, rewards[a]![m]!]
      for (let t = Math.min(most, a - merged + 1); t >= 0; t--) {
        rewarded.multiply(t, fewer.re[a]!, fewer.im[a]!)
        weight.multiply(t, fewer.re[a]!, fewer.im[a]!)
        if (t === 0 || w < NOTHING) continue
        const [wRe, wIm] = [weight.re[t - 1]!, weight.im[t - 1]!]
        const [vRe, vIm] = [rewarded.re[t - 1]! + reward * wRe, rewarded.im[t - 1]! + reward * wIm]
        weight.add(t, wRe * topRe - wIm * topIm, wRe * topIm + wIm * topRe)
        rewarded.add(t, vRe * topRe - vIm * topIm, vRe * topIm + vIm * topRe)
      }
      fewer.add(a, topRe, topIm)
    }
    for (let t = 1; t <= (ties === 'share' ? most : 1); t++) {
      re += rewarded.re[t]! / t
      im += rewarded.im[t]! / t
    }
  }
  return [re, im]
}

/** Complex numbers, all 0 at first. */
class Numbers {
  readonly re: Float64Array
  readonly im: Float64Array

  constructor(length: number) {
    this.re = new Float64Array(length)
    this.im = new Float64Array(length)
  }

  add(i: number, re: number, im: number): void {
    this.re[i]! += re
    this.im[i]! += im
  }

  multiply(i: number, re: number, im: number): void {
    const [a, b] = [this.re[i]!, this.im[i]!]
    this.re[i] = a * re - b * im
    this.im[i] = a * im + b * re
  }
}
