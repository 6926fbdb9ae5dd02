// Resampling from supplied uniforms. The index is ⌊n·u⌋ with the product rounded to f32, as on every device.

@inline
function pick(uniforms: usize, n: i32): usize {
  return <usize>min(n - 1, <i32>(<f32>n * f32.load(uniforms))) << 2
}

/** out[r] = the mean of n values drawn with replacement, summed in float64. */
export function bootstrapMeans(from: i32, to: i32, n: i32, values: usize, uniforms: usize, out: usize): void {
  const row = <usize>n << 2
  const pairs = row & ~7
  for (let r = <usize>from; r < <usize>to; r++) {
    const u = uniforms + r * row
    let even: f64 = 0
    let odd: f64 = 0
    for (let j: usize = 0; j < pairs; j += 8) {
      even += <f64>f32.load(values + pick(u + j, n))
      odd += <f64>f32.load(values + pick(u + j + 4, n))
    }
    if (pairs < row) even += <f64>f32.load(values + pick(u + pairs, n))
    f32.store(out + (r << 2), <f32>((even + odd) / <f64>n))
  }
}

/** A count of votes per class, and the classes drawn. */
export function majorityVotesScratchBytes(k: i32, classes: i32): usize {
  return <usize>(k + classes) << 2
}

/** out[t] = the mean reward of the classes that k answers drawn with replacement name most often. */
export function majorityVotes(
  from: i32, to: i32,
  k: i32, n: i32, classes: i32, answers: usize, rewards: usize, uniforms: usize, out: usize, scratch: usize,
): void {
  const votes = scratch
  const drawn = scratch + (<usize>classes << 2)
  const row = <usize>k << 2
  memory.fill(votes, 0, <usize>classes << 2)
  for (let t = <usize>from; t < <usize>to; t++) {
    let most = 0
    for (let j: usize = 0; j < row; j += 4) {
      const c = i32.load(answers + pick(uniforms + t * row + j, n)) << 2
      const count = i32.load(votes + c) + 1
      i32.store(votes + c, count)
      i32.store(drawn + j, c)
      most = max(most, count)
    }
    let sum: f64 = 0
    let winners = 0
    // A class counts when it is first met; that also leaves no votes behind for the next trial.
    for (let j: usize = 0; j < row; j += 4) {
      const c = i32.load(drawn + j)
      if (i32.load(votes + c) == most) {
        sum += <f64>f32.load(rewards + c)
        winners++
      }
      i32.store(votes + c, 0)
    }
    f32.store(out + (t << 2), <f32>(sum / <f64>winners))
  }
}
