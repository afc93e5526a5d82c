export const CAMPAIGN_STATES = ['preparing', 'running', 'finished'] as const
export type CampaignState = (typeof CAMPAIGN_STATES)[number]

export const TASK_STATES = ['asked', 'accepted', 'declined', 'released'] as const
export type TaskState = (typeof TASK_STATES)[number]
/** Tasks that items may belong to. */
export const LIVE_TASKS = ['asked', 'accepted'] as const satisfies readonly TaskState[]

export const ENTRY_STATES = ['open', 'reached', 'not_reached', 'refused', 'problem'] as const
export type EntryState = (typeof ENTRY_STATES)[number]
/** Where nothing is left to do. */
export const DONE = ['reached', 'refused'] as const satisfies readonly EntryState[]
export const UNDONE = ['open', 'not_reached', 'problem'] as const satisfies readonly EntryState[]
