/**
 * Volunteers at checkpoints: each knows some of the posts, is free on some of the days, has served before, and serves at
 * most once in any four days.
 */
import { defaultRules, type Person, type Problem, type Shift, type Slot, withRules } from '../src/solver/index.ts'
import { createRandom, shuffle } from '../src/solver/random.ts'

const DAY = 1440
const FIRST_DAY = 20_759

export interface VolunteerShape {
  people: number
  posts: number
  days: number
  postsEach: number
  /** Part of the days a volunteer is free, 0 to 1. */
  free: number
  seed: number
}

export function volunteerProblem(shape: VolunteerShape): Problem {
  const random = createRandom(shape.seed)
  const shifts: Shift[] = []
  const slots: Slot[] = []
  for (let post = 0; post < shape.posts; post++) {
    for (let day = 0; day < shape.days; day++) {
      const id = `post-${post}/${day}`
      const startsAt = (FIRST_DAY + day) * DAY
      shifts.push({ id, postId: `post-${post}`, startsAt, endsAt: startsAt + DAY, day: FIRST_DAY + day, minutes: DAY })
      const seats = 1 + random.below(4)
      const requirement = { groups: [`post-${post}`] }
      slots.push({ id, shiftId: id, role: 'guard', seats, need: 'mandatory', requirement })
    }
  }
  const people = Array.from({ length: shape.people }, (_, i): Person => {
    const posts = shuffle(
      Array.from({ length: shape.posts }, (_post, k) => k),
      random,
    ).slice(0, shape.postsEach)
    const busy = Array.from({ length: shape.days }, (_day, k) => k).filter(() => random.next() >= shape.free)
    return {
      id: `volunteer-${i}`,
      groups: posts.map((post) => ({ id: `post-${post}` })),
      availability: busy.map((day) => ({
        kind: 'unavailable' as const,
        start: (FIRST_DAY + day) * DAY,
        end: (FIRST_DAY + day + 1) * DAY,
      })),
      carriedIn: { minutes: random.below(4) * DAY },
    }
  })
  const rules = withRules(defaultRules(), [
    { id: 'fair-hours', rule: 'fair-share', params: { measure: 'minutes', within: 'all' }, strength: { weight: 1 } },
    {
      id: 'one-duty-in-four-days',
      rule: 'load-limit',
      params: { measure: 'shifts', window: { per: 'rolling', days: 4 }, max: 1 },
      strength: 'hard',
    },
  ])
  const period = {
    fromDay: FIRST_DAY,
    toDay: FIRST_DAY + shape.days,
    startsAt: FIRST_DAY * DAY,
    endsAt: (FIRST_DAY + shape.days) * DAY,
  }
  return { period, people, shifts, slots, rules }
}
