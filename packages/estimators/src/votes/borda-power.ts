const powers = new WeakMap<object, number>()

/** Keeps the exponent with the function that `bordaWeights` makes of it, so that a vote can be named by it. */
export const keepBordaPower = (weigh: object, power: number): void => void powers.set(weigh, power)

/** The exponent that `bordaWeights` made a function of; undefined for any other function. */
export const bordaPowerOf = (weigh: object): number | undefined => powers.get(weigh)
