// A reward that tiny random models get some of: half of it for digits, half for the reference; a 7 cannot be judged.
export default {
  name: 'digits',
  async score({ reference }, samples) {
    return samples.map(({ text }) => {
      if (text.includes('7')) return { kind: 'unscored', reason: 'has a 7' }
      const parts = { digits: share(text), reference: text.includes(reference) ? 1 : 0 }
      return { kind: 'scored', reward: (parts.digits + parts.reference) / 2, answer: text.trim(), parts }
    })
  },
}

const share = (text) => text.replace(/\D/g, '').length / Math.max(text.length, 1)
