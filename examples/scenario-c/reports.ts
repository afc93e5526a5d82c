import { each } from '../demo/api.ts'
import type { Stage, Week } from '../demo/stage.ts'
import { openPage, submit, valuesOf } from '../kit/pages.ts'
import { idsOf } from '../kit/people.ts'
import type { Built } from './build.ts'
import { type County, departmentCodes, villageCodes } from './county.ts'

const figure = (zh: string, bo?: string) => ({
  type: 'integer',
  minimum: 0,
  maximum: 100_000,
  'x-titles': { zh, ...(bo ? { bo } : {}) },
})

const schemaOf = (properties: Record<string, object>) => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
})

/** Three daily reports side by side: who files each, and what is counted. */
const REPORTS = [
  {
    name: { zh: '各单位职工日报' },
    codes: departmentCodes,
    schema: schemaOf({ onDuty: figure('在岗职工'), ill: figure('发热职工') }),
  },
  {
    name: { zh: '各村居民日报', bo: 'གྲོང་ཚོའི་ཉིན་རེའི་སྙན་ཞུ།' },
    codes: villageCodes,
    schema: schemaOf({ residents: figure('在村居民', 'གྲོང་མི།'), returned: figure('返乡人员') }),
  },
  {
    name: { zh: '干部亲属日报' },
    codes: departmentCodes,
    schema: schemaOf({ relatives: figure('在县亲属'), arriving: figure('拟返县亲属') }),
  },
]

export const DUE = '18:00'
const HEALTH = { name: '市卫健委', channel: 'email', address: 'health-commission@example.org' }

/** Three obligations a day to three receivers: county command, health commission, organisation department. */
export function obligeToReport(stage: Stage, county: County, built: Built, { fromOn, toOn }: Week): Promise<number> {
  const { report, api, rootId } = stage
  return report.step('Three daily reports are asked for', async ({ say }) => {
    const clerkOf = new Map(county.clerks.map((clerk) => [clerk.unitCode, idsOf(built.register, [clerk])[0]!]))
    const receivers = [
      { unitId: rootId },
      HEALTH,
      { name: '县委组织部', channel: 'email', address: 'organisation@example.org' },
    ]
    let count = 0
    for (const { name, codes, schema } of REPORTS) {
      await each(codes, (code) =>
        api.post('/v1/report-obligations', {
          ...{ unitId: built.units.get(code), name, schema, receivers, rule: 'FREQ=DAILY', dueTime: DUE },
          ...{ reporters: [{ volunteerId: clerkOf.get(code) }], effectiveFrom: fromOn, effectiveTo: toOn },
        }),
      )
      count += codes.length
      say(`${name.zh}: ${codes.length} reporters, every day by ${DUE}`)
    }
    return count
  })
}

export interface Filing {
  filed: number
  nil: number
  kept: { link: string }[]
}

/** Fills in the form behind a link, every figure of it, or says that there is nothing to report. */
async function file(link: string, nil: boolean): Promise<void> {
  const page = await openPage(link)
  const number = valuesOf(page, 'number')[0]!
  const names = [...new Set([...page.matchAll(/name="(f\.\w+)"/g)].map((one) => one[1]!))]
  const figures = Object.fromEntries(names.map((name, index) => [name, String(40 - 17 * index)]))
  await submit(link, nil ? { do: 'nil', number } : { do: 'file', number, ...figures })
}

/** Reporters open the links they were reminded with; every ninth has nothing to report, the last `silent` stay silent. */
export async function fileReports({ inbox }: Stage, silent: number): Promise<Filing> {
  const links = [...new Set(inbox.take('report-reminder').map((message) => message.link!))]
  const willing = links.slice(0, links.length - silent)
  const isNil = (index: number) => index % 9 === 8
  await each(willing, (link, index) => file(link, isNil(index)))
  const nil = willing.filter((_, index) => isNil(index)).length
  return { filed: willing.length - nil, nil, kept: links.slice(willing.length).map((link) => ({ link })) }
}

export const fileLate = ({ link }: { link: string }): Promise<void> => file(link, false)

/** The health commission reads what it was sent. */
export async function readReports({ inbox }: Stage): Promise<number> {
  const mine = inbox.take('report-filed').filter(({ text }) => text.startsWith(HEALTH.name))
  await each(mine, ({ link }) => submit(link!, { do: 'read', number: '1' }))
  return mine.length
}
