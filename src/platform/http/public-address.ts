import { BlockList, isIP } from 'node:net'

/** IPv4 that leads somewhere else than to one machine on the open internet (IANA special-purpose registry). */
const NOT_PUBLIC_4 = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
  // Inside a large cloud this one is the machine's own helper.
  ['168.63.129.16', 32],
] as const

/** Of IPv6 only 2000::/3 is the open internet; inside it these carry other addresses or none. */
const NOT_PUBLIC_6 = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const

function listOf(family: 'ipv4' | 'ipv6', ranges: readonly (readonly [string, number])[]): BlockList {
  const list = new BlockList()
  for (const [net, bits] of ranges) list.addSubnet(net, bits, family)
  return list
}

const special4 = listOf('ipv4', NOT_PUBLIC_4)
const global6 = listOf('ipv6', [['2000::', 3]])
const special6 = listOf('ipv6', NOT_PUBLIC_6)

/**
 * True for an address of one machine on the open internet. What is not known for certain is not: mapped, translated and
 * tunnelled addresses, zones, text that is no address.
 */
export function isPublicAddress(address: string): boolean {
  if (address.includes('%')) return false
  const family = isIP(address)
  if (family === 4) return !special4.check(address, 'ipv4')
  return family === 6 && global6.check(address, 'ipv6') && !special6.check(address, 'ipv6')
}
