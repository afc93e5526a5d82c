import { z } from 'zod'
import { pageOf, pageQuery } from '../../platform/http/page.ts'
import { Id, Instant } from '../../platform/http/schemas.ts'
import { DOOR_KINDS } from './attendance.tables.ts'

export const CheckInCode = z
  .object({
    postId: Id,
    code: z.string().meta({ description: 'Six digits to be shown at the post', example: '042917' }),
    validUntil: Instant.meta({ description: 'Then the next code is shown; this one counts for a minute more' }),
    url: z.url().meta({ description: 'Page where people at the post check in and out, the code filled in' }),
  })
  .meta({ id: 'CheckInCode' })

const Kind = z.enum(DOOR_KINDS).meta({
  description: 'display: a screen that shows the codes; qr: a printed code that stands for one until it is revoked',
})
export const NewCheckInDoor = z.strictObject({ kind: Kind })

export const CheckInDoor = z
  .object({
    id: Id,
    postId: Id,
    kind: Kind,
    url: z.url().nullable().meta({ description: 'null once it is revoked' }),
    createdAt: Instant,
    revokedAt: Instant.nullable(),
  })
  .meta({ id: 'CheckInDoor' })

export const CheckInDoorList = z.strictObject(pageQuery(['createdAt']))
export const CheckInDoorPage = pageOf(CheckInDoor)
