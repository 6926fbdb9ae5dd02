/**
 * The paper's dynamics, solved by another implementation: scipy's LSODA with rtol 1e-8 on
 * dπ_r/dt = π_r [π_r (p_r − ACC) − Σ_s π_s² (p_s − ACC)]. Times to shares of 0.9, 0.99 and 0.999 of the first pattern,
 * and its share at t = 0, 1, 5, 10, 20, 50 and 100, with the digits that were kept.
 */
export const CASES = [
  {
    regime: 'fast',
    shares: [0.5, 0.3, 0.2],
    rewards: [0.9, 0.4, 0.3],
    accuracy: 0.63,
    times: ['16.31', '132.5', '1239.4'],
    best: [0.5, 0.5504, 0.7197, 0.8356, 0.92, 0.9712, 0.9865],
  },
  {
    regime: 'fast',
    shares: [0.3, 0.4, 0.3],
    rewards: [0.9, 0.35, 0.3],
    accuracy: 0.5,
    times: ['19.64', '129.9', '1181.1'],
    best: [0.3, 0.3405, 0.5431, 0.7545, 0.9025, 0.9701, 0.9866],
  },
  {
    regime: 'slow',
    gamma: 6,
    shares: [0.05, 0.7, 0.25],
    rewards: [0.9, 0.6, 0.1],
    accuracy: 0.49,
    times: ['114.7', '271.0', '1720.1'],
    best: [0.05, 0.0494, 0.0468, 0.0445, 0.0435, 0.0609, 0.7386],
  },
  {
    regime: 'slow',
    gamma: 13.5,
    shares: [0.02, 0.73, 0.25],
    rewards: [0.9, 0.6, 0.1],
    accuracy: 0.481,
    times: ['486.8', '645.1', '2125.1'],
    best: [0.02, 0.0194, 0.0169, 0.0147, 0.0122, 0.0095, 0.0084],
  },
] as const

export const TIMES = [0, 1, 5, 10, 20, 50, 100]
