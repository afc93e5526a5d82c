import { expect, test } from 'vitest'
import { seatsElsewhere } from '../../../src/modules/posts/shift-posts.rules.ts'

const seat = (id: string, role: string, number: number) => ({ id, role, seat: number })
const wanted = (role: string, minimum: number, maximum: number) => ({ id: `${role} there`, role, minimum, maximum })

test('a seat takes the place of its role at the other post, mandatory as that post has it', () => {
  const seats = [seat('a', 'guard', 1), seat('b', 'guard', 2), seat('c', 'driver', 1)]
  expect(seatsElsewhere(seats, [wanted('guard', 1, 2), wanted('driver', 0, 1), wanted('medic', 1, 1)])).toEqual({
    fitting: [
      { id: 'a', requirementId: 'guard there', mandatory: true },
      { id: 'b', requirementId: 'guard there', mandatory: false },
      { id: 'c', requirementId: 'driver there', mandatory: false },
    ],
    unfit: [],
  })
})

test('a seat for which there is no role or no more room is named with the reason', () => {
  const seats = [seat('a', 'guard', 1), seat('b', 'guard', 2), seat('c', 'driver', 1)]
  const { fitting, unfit } = seatsElsewhere(seats, [wanted('guard', 1, 1)])
  expect(fitting.map((one) => one.id)).toEqual(['a'])
  expect(unfit).toEqual([
    { ...seat('b', 'guard', 2), because: 'role-full' },
    { ...seat('c', 'driver', 1), because: 'role-unknown' },
  ])
})
