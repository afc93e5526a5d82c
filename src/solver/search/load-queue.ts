import { type Random, shuffle } from '../random.ts'

/** People who are looked at for one seat before the search gives up on the least loaded. */
const MOST_LOOKS = 2000

/**
 * People in order of a key that only grows while a roster is filled. Keys are looked up again when somebody reaches the
 * top: a binary heap whose entries may be out of date. Equals come in random order.
 */
export class LoadQueue {
  readonly #keyOf: (person: number) => number
  readonly #people: number[]
  readonly #keys: number[]

  constructor(people: Int32Array, keyOf: (person: number) => number, random: Random) {
    this.#keyOf = keyOf
    this.#people = shuffle([...people], random)
    this.#keys = this.#people.map(keyOf)
    for (let i = (this.#people.length >> 1) - 1; i >= 0; i--) this.#sink(i)
  }

  /** Calls back for people, smallest key first, until told to stop or too many were looked at. */
  visit(look: (person: number) => boolean): void {
    const aside: number[] = []
    let goesOn = true
    while (goesOn && this.#people.length > 0 && aside.length < MOST_LOOKS) {
      const person = this.#people[0]!
      const key = this.#keyOf(person)
      if (key > this.#keys[0]!) {
        this.#keys[0] = key
        this.#sink(0)
        continue
      }
      this.#dropFirst()
      aside.push(person)
      goesOn = look(person)
    }
    for (const person of aside) this.#add(person)
  }

  #dropFirst(): void {
    const person = this.#people.pop()!
    const key = this.#keys.pop()!
    if (this.#people.length === 0) return
    this.#people[0] = person
    this.#keys[0] = key
    this.#sink(0)
  }

  #add(person: number): void {
    this.#people.push(person)
    this.#keys.push(this.#keyOf(person))
    let i = this.#people.length - 1
    while (i > 0) {
      const parent = (i - 1) >> 1
      if (this.#keys[parent]! <= this.#keys[i]!) return
      this.#exchange(i, parent)
      i = parent
    }
  }

  #sink(from: number): void {
    let i = from
    for (;;) {
      let least = 2 * i + 1
      if (least >= this.#keys.length) return
      if (least + 1 < this.#keys.length && this.#keys[least + 1]! < this.#keys[least]!) least++
      if (this.#keys[i]! <= this.#keys[least]!) return
      this.#exchange(i, least)
      i = least
    }
  }

  #exchange(a: number, b: number): void {
    const person = this.#people[a]!
    const key = this.#keys[a]!
    this.#people[a] = this.#people[b]!
    this.#keys[a] = this.#keys[b]!
    this.#people[b] = person
    this.#keys[b] = key
  }
}
