import type { ApiKeyRow, ResponsibleRow, UnitRow } from './organisation.repository.ts'
import type { UnitPolicy } from './organisation.types.ts'

export const unitSummaryView = (unit: UnitRow) => ({
  id: unit.id,
  parentId: unit.parentId,
  kind: unit.kind,
  name: unit.name,
  code: unit.code,
  zone: unit.zone,
  locale: unit.locale,
  policy: unit.policy,
  createdAt: unit.createdAt.toISOString(),
  updatedAt: unit.updatedAt.toISOString(),
  version: unit.version,
})

export const unitView = (unit: UnitRow, policy: UnitPolicy, responsibles: ResponsibleRow[]) => ({
  ...unitSummaryView(unit),
  effectivePolicy: policy,
  responsibles: responsibles.map(({ name, title, phone, email }) => ({ name, title, phone, email })),
})

export const apiKeyView = (key: ApiKeyRow) => ({
  id: key.id,
  unitId: key.unitId,
  role: key.role,
  name: key.name,
  prefix: key.prefix,
  createdAt: key.createdAt.toISOString(),
  expiresAt: key.expiresAt?.toISOString() ?? null,
  revokedAt: key.revokedAt?.toISOString() ?? null,
  lastUsedAt: key.lastUsedAt?.toISOString() ?? null,
})
