import { each } from '../demo/api.ts'
import type { Stage } from '../demo/stage.ts'

/** The page behind a personal link. */
export async function openPage(link: string, query = ''): Promise<string> {
  const response = await fetch(`${link}${query}`)
  if (!response.ok) throw new Error(`A page answered ${response.status}: ${(await response.text()).slice(0, 500)}`)
  return response.text()
}

/** Sends a form of the page behind a link; throws unless it was taken. */
export async function submit(link: string, fields: Record<string, string>, query = ''): Promise<void> {
  const response = await fetch(`${link}${query}`, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams(fields),
  })
  if (response.status === 303) return
  const said = (await response.text()).replace(/<style[\s\S]*?<\/style>|<[^>]+>/g, ' ').replace(/\s+/g, ' ')
  throw new Error(`A form (${new URLSearchParams(fields)}) was answered ${response.status}: ${said.slice(0, 400)}`)
}

/** Values of the fields of this name on a page. */
export const valuesOf = (page: string, name: string): string[] =>
  [...page.matchAll(new RegExp(`name="${name}" value="([^"]*)"`, 'g'))].map((one) => one[1]!)

/** Newest link somebody was sent, in a message made from this template. */
export function linkTo({ inbox }: Pick<Stage, 'inbox'>, volunteerId: string, template: string): string {
  const found = inbox
    .all()
    .findLast((one) => one.volunteerId === volunteerId && one.template === template && one.link)?.link
  if (!found) throw new Error(`Nobody sent ${volunteerId} a message ${template} with a link.`)
  return found
}

/** Signs a handover with what its page shows. */
export async function signShown(link: string, fields: Record<string, string> = {}): Promise<void> {
  const page = await openPage(link)
  const shown = ['version', 'reports'].flatMap((name) => valuesOf(page, name).map((value) => [name, value] as const))
  await submit(link, { step: 'sign', ...Object.fromEntries(shown), ...fields })
}

/** Somebody who had said yes to a duty opens the page again and says that they are ill. */
export async function callInSick(link: string, assignmentId: string): Promise<void> {
  const [form] = (await openPage(link)).split('<form').filter((part) => part.includes(assignmentId))
  const [seen, mark] = ['seen', 'mark'].map((name) => valuesOf(form!, name)[0]!)
  await submit(link, { answer: 'decline', assignmentId, seen: seen!, mark: mark!, reason: 'sick' })
}

/** Everybody who got a new message of this template fills in the same form; how many did. */
export async function answerAll(
  { inbox }: Stage,
  template: string,
  fields: Record<string, string>,
  who: (volunteerId: string) => boolean = () => true,
): Promise<number> {
  const asked = inbox.take(template).filter(({ volunteerId, link }) => link && who(volunteerId))
  await each(asked, ({ link }) => submit(link!, fields))
  return asked.length
}
