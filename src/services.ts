import { createOrganisation } from './modules/organisation/organisation.service.ts'
import type { Config } from './platform/config/config.ts'
import type { Foundations } from './platform/context.ts'

/** A message as the log channel wrote it. */
export interface SentMessage {
  messageId: string
  volunteerId: string
  template: string
  to: string
  subject: string
  text: string
  /** The personal link in it, if there is one. */
  link?: string
}

export interface Surroundings {
  config: Config
  /** Where people reach the service; known for certain once the API listens. */
  address: { readonly publicUrl: string }
  onMessage?: ((message: SentMessage) => void) | undefined
}

/** Wiring in reading order: a module may call what stands above it. */
export function wire(foundations: Foundations, _surroundings: Surroundings) {
  const organisation = createOrganisation(foundations)
  return { foundations, organisation }
}

export type Services = ReturnType<typeof wire>
