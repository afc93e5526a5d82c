import { test } from 'vitest'
import { createReport } from '../../examples/demo/report.ts'
import { buildPosts, enterCounty } from '../../examples/scenario-c/build.ts'
import { makeCounty, STATION_UNIT } from '../../examples/scenario-c/county.ts'
import { setting } from '../../examples/scenario-c/play.ts'
import { answerAll, callInSick, submit, linkTo } from '../../examples/kit/pages.ts'
import { generate, publish, shiftsOf, dutiesOf } from '../../examples/kit/rosters.ts'
import { startStage } from '../support/stage.ts'

test('x', async () => {
  await using played = await startStage(setting)
  const { stage } = played
  stage.report = createReport(process.stderr)
  const county = makeCounty(1)
  county.stations = county.stations.slice(0, 1)
  county.people = [...county.stations.flatMap(({ crews }) => crews.flat()), ...county.medical.slice(0, 26), ...county.teams.flat()]
  county.medical = county.medical.slice(0, 26)
  const entered = await enterCounty(stage, county)
  const days = { fromOn: '2022-08-16', toOn: '2022-08-18' }
  await buildPosts(stage, county, entered, { stations: days, tasks: days })
  const unitId = entered.units.get(STATION_UNIT)!
  const roster = await generate(stage, unitId, days)
  await publish(stage, roster)
  await answerAll(stage, 'confirmation-request', { answer: 'confirm' })
  await stage.time.settled()
  const shifts = await shiftsOf(stage, unitId, days)
  const ill = dutiesOf(shifts).find((d) => d.role === 'guard')!
  await callInSick(linkTo(stage, ill.volunteerId, 'confirmation-request'), ill.assignmentId)
  await stage.time.settled()
  console.log(JSON.stringify(stage.inbox.all().filter(m => m.volunteerId===ill.volunteerId).map(m=>[m.template,m.text])))
  const offers = stage.inbox.take('offer')
  console.log(offers.length, offers[0]?.text)
  if (offers[0]) await submit(offers[0]!.link!, { answer: 'accept' })
  await stage.time.settled()
  console.log(await stage.api.all<any>('/v1/gaps'), JSON.stringify(await stage.api.all<any>('/v1/confirmation-requests?volunteerId='+ill.volunteerId).catch(e=>e.message)))
  const gaps = await stage.api.all<any>('/v1/gaps')
  const detail = await stage.api.get<any>(`/v1/gaps/${gaps[0].id}`)
  const k = detail.cascades[0]; console.log(JSON.stringify({history: k.history, offers: k.offers.length, skipped: k.skipped.slice(0,5)}))
  console.log(JSON.stringify(await stage.api.get<any>(`/v1/gaps/${gaps[0].id}/candidates`)).slice(0,3000))
  console.log(JSON.stringify(detail, null, 1).slice(0, 6000))
}, 100000)
