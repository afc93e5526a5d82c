/** Path of a verb on one resource, `/rosters/{id}:publish`; the bounded parameter keeps it apart from `/rosters/{id}`. */
export const action = <P extends string>(collection: P, verb: string) => `${collection}/:id([^:/]+)::${verb}` as const
