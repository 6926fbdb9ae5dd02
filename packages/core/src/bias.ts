/**
 * How an expected step relates to the gradient it stands for: equal (`exact`); the same but for a known factor, one for
 * all prompts (`scaled`); or neither, so that over a batch of prompts it points elsewhere (`direction-changing`).
 */
export type Bias =
  | { readonly kind: 'exact' }
  | { readonly kind: 'scaled'; readonly factor: number }
  | { readonly kind: 'direction-changing'; readonly reason: string }
