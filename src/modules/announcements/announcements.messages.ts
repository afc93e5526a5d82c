import type { Handle } from '../../platform/db/client.ts'
import { LOCALES, type Locale } from '../../platform/texts/catalogue.ts'
import type { Tongue } from '../../time/words.ts'
import { defineTemplate, type MessageRow } from '../notifications/notifications.types.ts'
import { announcementsRepository, type Found } from './announcements.repository.ts'
import { nameList, wordingFor } from './announcements.rules.ts'
import { type ShortName, TEXTS, type TemplateName } from './announcements.texts.ts'

export const ANNOUNCEMENT_PATH = '/n'
/** How long links of an announcement without an end are good for. */
const LINK_DAYS_MS = 90 * 86_400_000
/** Names that fit into one message. */
const MOST_NAMES = 40

interface Facts {
  found: Found
  /** The reader's own language, where the reader is one person. */
  locale?: Locale
  names?: string[]
}

async function readFound(handle: Handle, message: MessageRow): Promise<Found | undefined> {
  const found = await announcementsRepository(handle).find(message.subjectId)
  return found?.announcement.state === 'active' ? found : undefined
}

/** To one recipient, as long as they have not answered. */
async function loadOpen(handle: Handle, message: MessageRow, now: Date) {
  const found = await readFound(handle, message)
  const recipient = found && (await announcementsRepository(handle).recipient(message.subjectId, message.volunteerId!))
  if (!found || recipient?.acknowledged) return undefined
  const { locale } = await announcementsRepository(handle).personOf(message.volunteerId!)
  const { id: subjectId, expiresAt } = found.announcement
  const link = {
    purpose: 'announcement' as const,
    subjectId,
    expiresAt: expiresAt ?? new Date(now.getTime() + LINK_DAYS_MS),
    path: ANNOUNCEMENT_PATH,
  }
  return { facts: { found, locale }, link, ...(expiresAt ? { notAfter: expiresAt } : {}) }
}

/** To the responsible people of a unit: those of their own who have not answered. */
async function loadOverdue(handle: Handle, message: MessageRow) {
  const found = await readFound(handle, message)
  const missing = found ? await announcementsRepository(handle).missing(message.subjectId) : []
  const own = missing.filter((one) => one.responsibleUnitId === message.unitId)
  if (!found || own.length === 0) return undefined
  return { facts: { found, names: own.map((one) => `${one.name} (${one.unitName})`) } }
}

function words({ found, locale, names = [] }: Facts, tongue: Tongue): Record<string, string> {
  const { title, text } = wordingFor(found.current.texts, locale ?? tongue).wording
  const more = (count: number) => TEXTS[tongue].more.replace('{count}', String(count))
  return { title, text, unit: found.unit.name, count: String(names.length), names: nameList(names, MOST_NAMES, more) }
}

const textsOf = (name: TemplateName) =>
  Object.fromEntries(LOCALES.map((locale) => [locale, TEXTS[locale].templates[name]])) as Record<
    Locale,
    { subject: string; text: string }
  >

const shortOf = (name: ShortName) =>
  Object.fromEntries(LOCALES.map((locale) => [locale, TEXTS[locale].shorts[name]])) as Record<Locale, string>

const open = (name: ShortName, urgent: boolean) =>
  defineTemplate<Facts>({ load: loadOpen, words, texts: textsOf(name), short: shortOf(name), urgent })

export const announcementTemplates = {
  announcement: open('announcement', false),
  'announcement-changed': open('announcement-changed', false),
  'announcement-reminder': open('announcement-reminder', false),
  'announcement-urgent': open('announcement', true),
  'announcement-changed-urgent': open('announcement-changed', true),
  'announcement-reminder-urgent': open('announcement-reminder', true),
  'announcement-overdue': defineTemplate<Facts>({ load: loadOverdue, words, texts: textsOf('announcement-overdue') }),
}
