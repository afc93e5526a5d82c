export const ROLES = ['admin', 'organizer', 'viewer'] as const
export type Role = (typeof ROLES)[number]

/** Who acts, and through which door; every audit row names one. */
export interface Actor {
  kind: 'apiKey' | 'link' | 'worker' | 'command'
  id: string
  door: 'api' | 'link' | 'worker' | 'command'
  /** Rights of an API key hold at this unit and below; '/' for the system's own doors. */
  unitPath: string
  role: Role
  requestId?: string
}

export const worker = (name: string): Actor => ({
  kind: 'worker',
  id: name,
  door: 'worker',
  unitPath: '/',
  role: 'admin',
})
export const command = (name: string): Actor => ({
  kind: 'command',
  id: name,
  door: 'command',
  unitPath: '/',
  role: 'admin',
})
/** Somebody who holds a personal link; may do only what that link is for. */
export const linkHolder = (linkId: string, requestId?: string): Actor => ({
  kind: 'link',
  id: linkId,
  door: 'link',
  unitPath: '',
  role: 'viewer',
  ...(requestId ? { requestId } : {}),
})

/** True when the unit at `path` is the actor's own or lies below it. */
export const covers = (actor: Actor, path: string): boolean => actor.unitPath !== '' && path.startsWith(actor.unitPath)
