import { each } from '../demo/api.ts'
import type { Stage } from '../demo/stage.ts'
import { submit } from './pages.ts'

interface Gap {
  id: string
  state: 'open' | 'filled' | 'closed'
}

const STEP_MS = 15 * 60_000
const PATIENCE = 48

/** Everybody confirms by the link in their message but those who decline; how many were asked. */
export async function confirmAll(
  { inbox, time }: Stage,
  declines: (volunteerId: string, index: number) => boolean,
): Promise<number> {
  await time.settled()
  const asked = inbox.take('confirmation-request')
  await each(asked, ({ link, volunteerId }, index) =>
    submit(link!, { answer: declines(volunteerId, index) ? 'decline' : 'confirm' }),
  )
  await time.settled()
  return asked.length
}

/** Whoever of the reserve is offered a seat takes it, until no gap of the roster is open; how many were filled. */
export async function repair(stage: Stage, rosterId: string): Promise<number> {
  const { api, clock, time } = stage
  const gapsNow = () => api.all<Gap>(`/v1/gaps?rosterId=${rosterId}`)
  let gaps = await gapsNow()
  for (let step = 0; gaps.some((gap) => gap.state === 'open'); step += 1) {
    if (step === PATIENCE) throw new Error('The reserve leaves gaps open.')
    // Several are asked for one seat; for those who come too late the page says so.
    const asked = stage.inbox.take('offer')
    await each(asked, ({ link }) => fetch(link!, { method: 'POST', body: new URLSearchParams({ answer: 'accept' }) }))
    await time.advanceTo(new Date(clock.now().getTime() + STEP_MS))
    gaps = await gapsNow()
  }
  return gaps.filter((gap) => gap.state === 'filled').length
}
