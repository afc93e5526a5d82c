import type { ChannelName } from './notifications.types.ts'

export interface Contact {
  channel: string
  address: string
  position: number
}

const MAIL_ADDRESS = /^[^\s@<>,;:"()[\]\\]{1,64}@[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/i

/** One plain address: nothing in it can add a header or a second recipient. */
export const isMailAddress = (text: string): boolean => MAIL_ADDRESS.test(text)

const isUsable = ({ channel, address }: Contact, open: readonly ChannelName[]): boolean =>
  open.some((name) => name === channel) && (channel !== 'email' || isMailAddress(address))

/** The first usable contact point by position; the log when there is none, so that nothing is lost silently. */
export function chooseWay(
  contacts: Contact[],
  open: readonly ChannelName[],
  otherwise: string,
): { channel: ChannelName; address: string } {
  const best = contacts.filter((contact) => isUsable(contact, open)).sort((a, b) => a.position - b.position)[0]
  return best ? { channel: best.channel as ChannelName, address: best.address } : { channel: 'log', address: otherwise }
}

/** Enough of an address to recognise it by, and not enough to use it. */
export function maskAddress(address: string): string {
  const at = address.indexOf('@')
  if (at > 0) return `${address.slice(0, 1)}***${address.slice(at)}`
  if (address.includes('/')) return address
  return `***${address.slice(-2)}`
}

/** Puts values in for '{placeholder}'. @throws when a text asks for what there is not: a mistake in a template. */
export function fill(text: string, values: Record<string, string>): string {
  return text.replace(/\{(\w+)\}/g, (_all, name: string) => {
    const value = values[name]
    if (value === undefined) throw new Error(`The text asks for {${name}}, which this message does not know.`)
    return value
  })
}
