type Numbers = Float64Array | Int32Array

/**
 * A list of numbers that grows, at the price of a typed array; what was never set is empty, and costs nothing at its
 * end.
 */
export class Column<T extends Numbers> {
  #room: T
  #length = 0
  readonly #make: (length: number) => T
  readonly #empty: number

  /**
   * @param make creates the array, for instance `(n) => new Int32Array(n)`
   * @param empty what an entry is that was never set
   */
  constructor(make: (length: number) => T, empty: number) {
    this.#make = make
    this.#empty = empty
    this.#room = make(0)
  }

  /** Number of entries up to the last one that was set. */
  get length(): number {
    return this.#length
  }

  push(value: number): void {
    this.set(this.#length, value)
  }

  set(index: number, value: number): void {
    if (index >= this.#room.length) {
      const larger = this.#make(Math.max(1024, 2 * index))
      larger.set(this.#room)
      larger.fill(this.#empty, this.#room.length)
      this.#room = larger
    }
    this.#room[index] = value
    if (index >= this.#length) this.#length = index + 1
  }

  at(index: number): number {
    return index < this.#length ? this.#room[index]! : this.#empty
  }
}

/** A column in which NaN is empty. */
export const floats = (): Column<Float64Array> => new Column((length) => new Float64Array(length), NaN)

/** A column in which −1 is empty. */
export const integers = (): Column<Int32Array> => new Column((length) => new Int32Array(length), -1)
