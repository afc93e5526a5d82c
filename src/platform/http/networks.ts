import { BlockList, isIPv6 } from 'node:net'

const familyOf = (address: string) => (isIPv6(address) ? 'ipv6' : 'ipv4')

/** Whether an address is one of these, or in one of these networks ('203.0.113.0/24'). */
export function networkTest(known: string[]): (address: string) => boolean {
  const list = new BlockList()
  for (const entry of known) {
    const [address, bits] = entry.split('/') as [string, string | undefined]
    if (bits === undefined) list.addAddress(address, familyOf(address))
    else list.addSubnet(address, Number(bits), familyOf(address))
  }
  return (address) => list.check(address, familyOf(address))
}
