// TextEncoder and TextDecoder exist on every platform this runs on, but in no standard ECMAScript library type.
interface TextCodec {
  readonly TextEncoder: new () => { encode(text: string): Uint8Array }
  readonly TextDecoder: new (label: string, options: { fatal: boolean }) => { decode(bytes: Uint8Array): string }
}
const codec = globalThis as unknown as TextCodec

/** UTF-8 bytes of a text. */
export const utf8 = (text: string): Uint8Array => new codec.TextEncoder().encode(text)

/** Text of UTF-8 bytes. @throws TypeError for bytes that are not UTF-8 */
export const fromUtf8 = (bytes: Uint8Array): string => new codec.TextDecoder('utf-8', { fatal: true }).decode(bytes)
