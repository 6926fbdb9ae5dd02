/** x moved to the nearest number from low to high. */
export const clip = (x: number, low: number, high: number): number => Math.min(Math.max(x, low), high)
