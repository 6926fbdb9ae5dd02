type Numbers = Float64Array | Int32Array

/** A list of numbers that grows, at the price of a typed array. */
export class Column<T extends Numbers> {
  #room: T
  #length = 0
  readonly #make: (length: number) => T

  /** @param make creates the array, for instance `(n) => new Int32Array(n)` */
  constructor(make: (length: number) => T) {
    this.#make = make
    this.#room = make(1024)
  }

  get length(): number {
    return this.#length
  }

  push(value: number): void {
    if (this.#length === this.#room.length) {
      const larger = this.#make(2 * this.#length)
      larger.set(this.#room)
      this.#room = larger
    }
    this.#room[this.#length++] = value
  }

  at(index: number): number {
    return this.#room[index]!
  }

  /** The entries at some indices, in their order. */
  gather(indices: Uint32Array): T {
    const gathered = this.#make(indices.length)
    for (let i = 0; i < indices.length; i++) gathered[i] = this.#room[indices[i]!]!
    return gathered
  }
}

export const floats = (): Column<Float64Array> => new Column((length) => new Float64Array(length))
export const integers = (): Column<Int32Array> => new Column((length) => new Int32Array(length))
