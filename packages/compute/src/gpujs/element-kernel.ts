/** Applies a user's function to every entry of one or more arrays of equal length. */
export type ElementKernel = (...inputs: readonly ArrayLike<number>[]) => Float32Array
