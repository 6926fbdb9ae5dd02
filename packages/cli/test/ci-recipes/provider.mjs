const known = Number(process.env.KNOWN)
const asked = new Map()

/** It adds up to KNOWN; of larger sums it knows an even one every other time, and an odd one never. */
export default class Sums {
  id() {
    return 'sums'
  }

  async callApi(question) {
    const times = (asked.get(question) ?? 0) + 1
    asked.set(question, times)
    const term = Number.parseInt(question, 10)
    const knows = term <= known || (term % 2 === 0 && times % 2 === 1)
    return { output: String(knows ? 2 * term : 0) }
  }
}
