/** What a problem asks that personal schedules cannot say. */
export class Unsaid extends Error {
  override name = 'Unsaid'
}
