import { type Actor, covers } from '../../platform/auth/actor.ts'
import type { Handle } from '../../platform/db/client.ts'
import type { Findings } from '../../platform/http/problem.ts'
import { echelonsRepository } from './echelons.repository.ts'
import type { MembershipRule } from './echelons.types.ts'

type Named = Pick<MembershipRule, 'unitIds' | 'qualificationIds'>

/** Units and qualifications that a rule or pool names must exist, and the units lie in the set's own unit or below. */
export async function checkTraits(
  handle: Handle,
  actor: Actor,
  setPath: string,
  named: { pointer: string; traits: Named | null | undefined }[],
  found: Findings,
): Promise<void> {
  const repository = echelonsRepository(handle)
  const unitIds = named.flatMap((one) => one.traits?.unitIds ?? [])
  const qualificationIds = named.flatMap((one) => one.traits?.qualificationIds ?? [])
  const pathOf = new Map((await repository.unitsByIds([...new Set(unitIds)])).map((unit) => [unit.id, unit.path]))
  const known = await repository.knownQualifications([...new Set(qualificationIds)])
  for (const { pointer, traits } of named) {
    traits?.unitIds?.forEach((id, index) => {
      const path = pathOf.get(id)
      const at = `${pointer}/unitIds/${index}`
      if (path === undefined || !covers(actor, path)) {
        found.add(at, 'unit-unknown', `There is no unit ${id} that you may see.`)
      } else if (!path.startsWith(setPath)) {
        found.add(at, 'unit-outside-set', `Unit ${id} is not the unit of the set and does not lie below it.`)
      }
    })
    traits?.qualificationIds?.forEach((id, index) => {
      if (known.has(id)) return
      found.add(`${pointer}/qualificationIds/${index}`, 'qualification-unknown', `There is no qualification ${id}.`)
    })
  }
}
