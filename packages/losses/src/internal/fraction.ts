/** count / total; 0 of nothing is 0. */
export const fraction = (count: number, total: number): number => (total === 0 ? 0 : count / total)
