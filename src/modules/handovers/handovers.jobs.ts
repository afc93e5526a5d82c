import { z } from 'zod'
import { defineTask } from '../../platform/queue/tasks.ts'

/** Due a quarter of an hour before a shift ends: its handover is opened and the lead is asked to fill it in. */
export const openHandover = defineTask({ name: 'handovers.open', payload: z.object({ shiftId: z.uuid() }) })

const payload = z.object({ handoverId: z.uuid() })

/** Due when the shift ends and nobody has signed: the whole crew is asked. */
export const askCrew = defineTask({ name: 'handovers.ask-crew', payload })

/** Due when relief that has not come is missing. */
export const checkRelief = defineTask({ name: 'handovers.check-relief', payload })

/** Due when relief is still missing and the next level up has to know. */
export const alarmAbove = defineTask({ name: 'handovers.alarm-above', payload })
