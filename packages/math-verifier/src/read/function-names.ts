/** Functions that LaTeX and plain text write by the same names. */
export const functionNames: readonly string[] = (
  'sin cos tan cot sec csc ln log lg exp arcsin arccos arctan asin acos atan sinh cosh tanh cis ' +
  'gcd lcm abs floor ceil max min sgn sign det tr trace'
).split(' ')

/** Commands of LaTeX that stand for a letter. */
export const letterNames: ReadonlySet<string> = new Set(
  (
    'alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi rho sigma tau upsilon phi chi psi omega ' +
    'Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega aleph ell hbar'
  ).split(' '),
)

/** Other commands that are read where they stand in their place. */
const otherNames =
  'text frac sqrt binom pm mp pi infty begin end overline cup cap setminus backslash in le ge ne lt gt equiv pmod bmod ' +
  'degree boxed over choose lfloor rfloor lceil rceil langle rangle angle emptyset left right top Re Im'

const names: ReadonlySet<string> = new Set([...functionNames, ...letterNames, ...otherNames.split(' ')])

/** Whether a command has a meaning for the reader. */
export const isRead = (command: string): boolean => names.has(command)
