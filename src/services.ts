import { createOrganisation } from './modules/organisation/organisation.service.ts'
import type { Foundations } from './platform/context.ts'

/** Wiring in reading order: what stands above is what a module may call. */
export function wire(foundations: Foundations) {
  const organisation = createOrganisation(foundations)
  return { foundations, organisation }
}

export type Services = ReturnType<typeof wire>
