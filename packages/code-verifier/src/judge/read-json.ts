/** What an interpreter wrote as JSON, or undefined: one that was broken writes anything. */
export function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
