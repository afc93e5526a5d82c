import { and, eq, inArray } from 'drizzle-orm'
import type { Handle } from '../../platform/db/client.ts'
import { instantInWords, type LocalPeriod, periodInWords, type Tongue } from '../../time/words.ts'
import { messages } from '../notifications/notifications.tables.ts'
import { defineTemplate, type MessageRow } from '../notifications/notifications.types.ts'
import { type GapRow, gapFillingRepository, type SeatRow } from './gap-filling.repository.ts'
import type { Spent } from './gap-filling.rules.ts'
import { reasonInWords } from './gap-filling.texts.ts'
import { type OfferFacts, offersRepository } from './offers.repository.ts'

interface OfferToTell {
  seat: SeatRow
  offer: OfferFacts['offer']
}

interface GapToTell {
  seat: SeatRow
  gap: GapRow
  asked: number
  spent: (Spent & { name: string })[]
}

export const OFFER_PATH = '/o'
const CHECK_OUT_LATE_MS = 12 * 3_600_000

export const seatInWords = (seat: LocalPeriod & Pick<SeatRow, 'postName' | 'role'>, tongue: Tongue): string =>
  [periodInWords(seat, tongue), seat.postName, seat.role].join(tongue === 'zh' ? '，' : ', ')

async function readOffer(handle: Handle, message: MessageRow) {
  const repository = gapFillingRepository(handle)
  const found = await offersRepository(handle).findOffer(message.subjectId)
  return found && { ...found, seat: (await repository.findSeat(found.offer.slotId))! }
}

const offerWords = ({ seat, offer }: OfferToTell, tongue: Tongue) => ({
  unit: seat.unitName,
  duty: seatInWords(seat, tongue),
  expiresAt: instantInWords(offer.expiresAt, seat.zone, tongue),
})

/** Whoever was never told of an offer need not hear that it is over. */
async function wasTold(handle: Handle, offerId: string): Promise<boolean> {
  const [told] = await handle
    .select({ id: messages.id })
    .from(messages)
    .where(
      and(
        eq(messages.subjectId, offerId),
        eq(messages.template, 'offer'),
        inArray(messages.state, ['sending', 'accepted', 'delivered', 'unknown']),
      ),
    )
  return told !== undefined
}

async function loadOver(handle: Handle, message: MessageRow) {
  const found = await readOffer(handle, message)
  return found && (await wasTold(handle, found.offer.id)) ? { facts: found } : undefined
}

export const gapFillingTemplates = {
  offer: defineTemplate<OfferToTell>({
    urgent: true,
    async load(handle, message) {
      const found = await readOffer(handle, message)
      if (found?.offer.state !== 'open') return undefined
      const { id: subjectId } = found.offer
      return {
        facts: found,
        link: { purpose: 'offer', subjectId, expiresAt: found.seat.endsAt, path: OFFER_PATH },
      }
    },
    words: offerWords,
    texts: {
      zh: {
        subject: '您能来值班吗？',
        text: '{name}您好，{unit}有一个值班空缺：\n{duty}\n\n先到先得，请在{expiresAt}前打开链接答复；不能来也请告诉我们，无需说明理由：\n{link}',
      },
      en: {
        subject: 'Can you stand this duty?',
        text: 'Hello {name}, {unit} is looking for somebody for this duty:\n{duty}\n\nFirst come, first served. Please answer by {expiresAt}; if you cannot come, tell us too, no reason is needed:\n{link}',
      },
    },
  }),
  'offer-accepted': defineTemplate<OfferToTell>({
    urgent: true,
    async load(handle, message) {
      const found = await readOffer(handle, message)
      if (!found?.holder || found.holder.volunteerId !== found.offer.volunteerId) return undefined
      if (found.holder.state !== 'confirmed') return undefined
      const { id: subjectId } = found.holder
      const expiresAt = new Date(found.seat.endsAt.getTime() + CHECK_OUT_LATE_MS)
      return { facts: found, link: { purpose: 'attendance', subjectId, expiresAt, path: '/a' } }
    },
    words: offerWords,
    texts: {
      zh: {
        subject: '谢谢您接下这次值班',
        text: '{name}您好，这次值班由您承担，谢谢：\n{duty}\n\n到岗后请在此签到，离岗时签退：\n{link}',
      },
      en: {
        subject: 'Thank you for taking this duty',
        text: 'Hello {name}, this duty is yours, thank you:\n{duty}\n\nPlease check in here when you arrive, and out when you leave:\n{link}',
      },
    },
  }),
  'offer-filled': defineTemplate<OfferToTell>({
    urgent: true,
    load: loadOver,
    words: offerWords,
    texts: {
      zh: { subject: '已有人接下，谢谢您', text: '{name}您好，以下值班已有人接下，您无需前来，谢谢您：\n{duty}' },
      en: {
        subject: 'Already filled, thank you',
        text: 'Hello {name}, somebody has taken this duty already; there is nothing you need to do. Thank you:\n{duty}',
      },
    },
  }),
  'offer-withdrawn': defineTemplate<OfferToTell>({
    urgent: true,
    load: loadOver,
    words: offerWords,
    texts: {
      zh: { subject: '不再需要候补，谢谢您', text: '{name}您好，以下值班不再需要候补，您无需前来，谢谢您：\n{duty}' },
      en: {
        subject: 'No longer needed, thank you',
        text: 'Hello {name}, cover for this duty is no longer needed; there is nothing you need to do. Thank you:\n{duty}',
      },
    },
  }),
  'gap-exhausted': defineTemplate<GapToTell>({
    urgent: true,
    async load(handle, message) {
      const repository = gapFillingRepository(handle)
      const found = await repository.findGap(message.subjectId)
      if (found?.gap.state !== 'open') return undefined
      const seat = (await repository.findSeat(found.gap.slotId))!
      const searches = await repository.cascadesOf(found.gap.id)
      if (searches.at(-1)?.state !== 'exhausted') return undefined
      const spent = searches.at(-1)!.history
      const names = await repository.echelonNames(spent.map((one) => one.echelonId))
      const asked = (await offersRepository(handle).offersOf(found.gap.id)).length
      const named = spent.map((one) => ({ ...one, name: names.get(one.echelonId) ?? '' }))
      return { facts: { seat, gap: found.gap, asked, spent: named } }
    },
    words: ({ seat, asked, spent }, tongue) => ({
      duty: seatInWords(seat, tongue),
      asked: String(asked),
      tiers: spent.map(({ name, because }) => `- ${name}: ${reasonInWords(because, tongue)}`).join('\n') || '-',
    }),
    texts: {
      zh: {
        subject: '值班空缺无人可补',
        text: '{name}您好，以下值班仍然空缺，候补已全部问过（共询问{asked}人），请您安排：\n{duty}\n\n{tiers}',
      },
      en: {
        subject: 'A duty that nobody can fill',
        text: 'Hello {name}, this duty is still open and the whole reserve was asked ({asked} people). Please find somebody:\n{duty}\n\n{tiers}',
      },
    },
  }),
}
