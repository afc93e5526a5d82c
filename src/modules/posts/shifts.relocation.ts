import { audit } from '../../platform/audit/audit.ts'
import { ProblemError } from '../../platform/http/problem.ts'
import type { News, Occasion } from '../../platform/queue/news.ts'
import { shiftsMoved } from './posts.events.ts'
import type { HeldMove } from './posts.rules.ts'
import type { Leftover, Occurrence } from './posts.types.ts'
import { shiftPostsRepository } from './shift-posts.repository.ts'
import type { FittingSeat } from './shift-posts.rules.ts'
import { type KeyedShift, type ShiftRow, shiftsRepository } from './shifts.repository.ts'

type Times = Pick<ShiftRow, 'startLocal' | 'endLocal' | 'zone' | 'startsAt' | 'endsAt'>

export const timesOf = ({ startLocal, endLocal, zone, startsAt, endsAt }: Times): Times => ({
  startLocal,
  endLocal,
  zone,
  startsAt,
  endsAt,
})

/** Another post for a shift: what its seats are there, and where it was. */
export interface NewPost {
  id: string
  seats: FittingSeat[]
  was: { id: string; name: string; address: string | null; unitPath: string }
}

export interface Relocation {
  shift: KeyedShift & Times
  /** What it becomes; with another original start it takes the key of that occurrence. */
  to: Omit<Occurrence, 'exception'> & { zone: string }
  /** The post it moves to. */
  post?: NewPost | undefined
  /** A shift nobody holds that has this key; it takes the old one. */
  insteadId?: string | undefined
  reason?: string | null
  /** Hard rules set aside by name for those who hold it. */
  override?: { rules: string[]; reason: string } | null
}

/** Shifts that move with all who stand them. */
export function createRelocation(news: News) {
  /** Moves a shift whoever holds it; those concerned follow in the same transaction, or refuse by a problem. */
  async function relocate(occasion: Occasion, wish: Relocation): Promise<void> {
    const { shift, to, post, insteadId, reason, override } = wish
    const { tx, actor, now } = occasion
    const repo = shiftsRepository(tx)
    if (to.originalStart !== shift.originalStart) await repo.rekey(shift, to.originalStart, insteadId)
    await repo.updateShifts([{ ...to, id: shift.id }])
    if (post) await shiftPostsRepository(tx).moveTo(shift.id, post.id, post.seats)
    await audit(tx, actor, now, {
      action: 'shift.moved',
      subject: { type: 'shift', id: shift.id },
      reason: reason ?? undefined,
      facts: {
        from: { ...timesOf(shift), ...(post && { postId: post.was.id }) },
        to: { ...timesOf(to), ...(post && { postId: post.id }) },
      },
    })
    const moves = [{ shiftId: shift.id, was: { ...timesOf(shift), ...(post && { post: post.was }) } }]
    await news.record(shiftsMoved, { moves, reason: reason ?? null, override: override ?? null }, occasion)
  }

  return {
    relocate,

    /** Moves what a changed template moves; undone to the last row, and said why, where its holders cannot follow. */
    async tryMoving(
      { tx, ...occasion }: Occasion,
      { shift, to, instead }: HeldMove,
    ): Promise<Pick<Leftover, 'because' | 'detail'> | undefined> {
      try {
        await tx.transaction((part) => relocate({ tx: part, ...occasion }, { shift, to, insteadId: instead?.id }))
        return undefined
      } catch (error) {
        if (error instanceof ProblemError) return { because: 'unfit', detail: error.message }
        throw error
      }
    },
  }
}
