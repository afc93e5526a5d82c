/** Greatest flow through a network of whole capacities (Dinic's algorithm). */
export class FlowNetwork {
  readonly #head: number[] = []
  readonly #to: number[] = []
  readonly #next: number[] = []
  readonly #left: number[] = []
  #level: Int32Array = new Int32Array(0)
  #arc: Int32Array = new Int32Array(0)

  node(): number {
    return this.#head.push(-1) - 1
  }

  /** The arc and its way back lie side by side. */
  arc(from: number, to: number, capacity: number): void {
    this.#half(from, to, capacity)
    this.#half(to, from, 0)
  }

  #half(from: number, to: number, capacity: number): void {
    this.#to.push(to)
    this.#left.push(capacity)
    this.#next.push(this.#head[from]!)
    this.#head[from] = this.#to.length - 1
  }

  /** Sends as much more as there is way for, and answers how much that was. Arcs may be added in between. */
  send(source: number, sink: number): number {
    let sum = 0
    while (this.#reaches(source, sink)) {
      this.#arc = Int32Array.from(this.#head)
      for (let sent = 1; sent > 0; ) {
        sent = this.#push(source, sink, Number.POSITIVE_INFINITY)
        sum += sent
      }
    }
    return sum
  }

  /** Distance of every node from the source along arcs with something left. */
  #reaches(source: number, sink: number): boolean {
    this.#level = new Int32Array(this.#head.length).fill(-1)
    this.#level[source] = 0
    const queue = [source]
    for (let at = 0; at < queue.length; at++) {
      const node = queue[at]!
      for (let arc = this.#head[node]!; arc >= 0; arc = this.#next[arc]!) {
        const other = this.#to[arc]!
        if (this.#left[arc]! <= 0 || this.#level[other]! >= 0) continue
        this.#level[other] = this.#level[node]! + 1
        queue.push(other)
      }
    }
    return this.#level[sink]! >= 0
  }

  #push(node: number, sink: number, most: number): number {
    if (node === sink) return most
    for (; this.#arc[node]! >= 0; this.#arc[node] = this.#next[this.#arc[node]!]!) {
      const arc = this.#arc[node]!
      const other = this.#to[arc]!
      if (this.#left[arc]! <= 0 || this.#level[other] !== this.#level[node]! + 1) continue
      const sent = this.#push(other, sink, Math.min(most, this.#left[arc]!))
      if (sent === 0) continue
      this.#left[arc]! -= sent
      this.#left[arc ^ 1]! += sent
      return sent
    }
    return 0
  }
}
