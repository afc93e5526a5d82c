/** Somebody who should be at a post at a moment, or, on standby, may be. */
export interface Expected {
  assignmentId: string
  volunteerId: string
  onStandby: boolean
}

export interface Finding {
  kind: 'missing' | 'unplanned' | 'other'
  volunteerId: string | null
  assignmentId: string | null
  detail: string | null
}

/** What a spot check found: who should have been there and was not, who was there without being planned, and what else. */
export function findingsOf(expected: Expected[], seen: string[], others: string[]): Finding[] {
  const present = new Set(seen)
  const planned = new Set(expected.map((one) => one.volunteerId))
  return [
    ...expected
      .filter((one) => !one.onStandby && !present.has(one.volunteerId))
      .map(({ volunteerId, assignmentId }) => ({ kind: 'missing' as const, volunteerId, assignmentId, detail: null })),
    ...[...present]
      .filter((volunteerId) => !planned.has(volunteerId))
      .map((volunteerId) => ({ kind: 'unplanned' as const, volunteerId, assignmentId: null, detail: null })),
    ...others.map((detail) => ({ kind: 'other' as const, volunteerId: null, assignmentId: null, detail })),
  ]
}

interface Timed {
  startTime?: string | undefined
  length?: string | undefined
}

/** Roles that keep the same hours share a shift: one template for each group, in the order of the roles. */
export function groupsOfRoles<R extends Timed & { role: string }>(
  roles: R[],
  common: { startTime: string; length: string },
): { startTime: string; length: string; roles: string[] }[] {
  const keyOf = (role: Timed) => `${role.startTime ?? common.startTime} ${role.length ?? common.length}`
  return [...Map.groupBy(roles, keyOf)].map(([key, list]) => {
    const [startTime, length] = key.split(' ') as [string, string]
    return { startTime, length, roles: list.map((one) => one.role) }
  })
}
