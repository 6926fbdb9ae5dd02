/** What the constructor of a name makes on this platform; unknown to a project that has no types of it. */
export type PlatformInstance<Name extends string> =
  typeof globalThis extends Readonly<Record<Name, abstract new (...given: never[]) => infer One>> ? One : unknown

/** The platform's `Request`. */
export type WebRequest = PlatformInstance<'Request'>

/** The platform's `Response`. */
export type WebResponse = PlatformInstance<'Response'>

/** The platform's `AbortSignal`. */
export type WebSignal = PlatformInstance<'AbortSignal'>
