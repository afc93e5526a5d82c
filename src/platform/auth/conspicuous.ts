import { networkTest } from '../http/networks.ts'
import type { Conspicuous } from './conspicuous.types.ts'
import type { Link } from './links.ts'

const QUICK_MS = 60_000

export type JudgeAnswer = ReturnType<typeof answerJudge>

/**
 * Judges answers by links: within a minute after the link went out, programs answer that open every link of a mail and
 * press what they find. Where it is known from which networks they come, only those count ('hosting'), without that
 * knowledge everybody who is so quick ('quick'). A link is made when its message goes to the channel; one that was given
 * for a code was asked for by somebody who typed it.
 */
export function answerJudge(hostingNetworks: string[]) {
  const isHosting = networkTest(hostingNetworks)
  return (link: Pick<Link, 'createdAt' | 'codeId'>, ip: string, now: Date): Conspicuous | null => {
    if (link.codeId !== null || now.getTime() - link.createdAt.getTime() >= QUICK_MS) return null
    if (hostingNetworks.length === 0) return 'quick'
    return isHosting(ip) ? 'hosting' : null
  }
}
