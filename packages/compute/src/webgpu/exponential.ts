/**
 * `decay(x)` = eˣ for x ≤ 0, and `sigmoid(x)`.
 *
 * WGSL lets a compiler assume that there are no infinities. So programs do not compute with −∞ (a masked token), but
 * read it as `LOWEST`, and `decay` is 0 if eˣ is below the smallest normal number. They do not use WGSL's `tanh`,
 * which may be off by 1e-5.
 */
export const exponential: string = `
const LOWEST = -3.4e38;
fn decay(x: f32) -> f32 { return select(0.0, exp(max(x, -87.0)), x >= -87.0); }
fn sigmoid(x: f32) -> f32 {
  let e = decay(-abs(x));
  return select(1.0, e, x < 0.0) / (1.0 + e);
}
`
