/** Functions that LaTeX and plain text write by the same names. */
export const functionNames: readonly string[] =
  'sin cos tan cot sec csc ln log exp arcsin arccos arctan gcd lcm abs floor ceil sinh cosh tanh'.split(' ')
