/** Weekends that touch the days [from, to). `weekendOf` numbers the weekend of each day, -1 for none. */
export function countWeekends(weekendOf: Int32Array, from: number, to: number): number {
  let count = 0
  let last = -1
  for (let day = from; day < to; day++) {
    const weekend = weekendOf[day]!
    if (weekend < 0 || weekend === last) continue
    last = weekend
    count++
  }
  return count
}
