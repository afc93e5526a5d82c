import { catalogue } from '../../platform/texts/catalogue.ts'
import type { CHART_FIGURES, Distance, Group, Kind } from './summaries.types.ts'

interface Texts {
  sheet: string
  groups: Record<Group, string>
  figures: Record<(typeof CHART_FIGURES)[number], string>
  columns: Record<string, string>
  title: (group: string, figure: string) => string
  description: (count: number, from: string, to: string) => string
  others: (count: number) => string
  standing: (distances: Distance[]) => string
}

const plural = (count: number, one: string) => `${count} ${count === 1 ? one : `${one.replace(/y$/, 'ie')}s`}`

/** Counted in Chinese: measure word and name. */
const COUNTED: Record<Kind, string> = {
  nights: '个夜班',
  weekendDuties: '次周末值班',
  holidayDuties: '次节假日值班',
  shortNotice: '次临时征召',
  hours: '小时',
  duties: '次值班',
}
const ONE: Record<Kind, string> = {
  nights: 'night',
  weekendDuties: 'weekend duty',
  holidayDuties: 'holiday duty',
  shortNotice: 'short-notice call',
  hours: 'hour',
  duties: 'duty',
}

/** What is above in words, and what is below. */
const sides = (distances: Distance[], say: (distance: Distance) => string, comma: string) =>
  [distances.filter((one) => one.above > 0), distances.filter((one) => one.above < 0)].map((side) =>
    side.map(say).join(comma),
  )

function standingZh(distances: Distance[]): string {
  const [above, below] = sides(distances, ({ of, above: by }) => `${Math.abs(by)}${COUNTED[of]}`, '、')
  if (!above && !below) return '与应摊份额相当'
  return `比应摊份额${[above && `多${above}`, below && `少${below}`].filter(Boolean).join('，')}`
}

function standingEn(distances: Distance[]): string {
  const [above, below] = sides(distances, ({ of, above: by }) => plural(Math.abs(by), ONE[of]), ', ')
  if (!above && !below) return 'at the fair share'
  if (!above) return `${below} below fair share`
  return `${above} above fair share${below ? `; ${below} below` : ''}`
}

export const TEXTS = catalogue<Texts>('summaries', {
  zh: {
    sheet: '汇总',
    groups: { person: '人员', unit: '单位', echelon: '梯队', post: '岗位', period: '期间' },
    figures: {
      hours: '计入小时',
      nights: '夜班次数',
      duties: '值班次数',
      declines: '不能参加',
      noShows: '未到岗',
      lateCancellations: '临期退出',
    },
    columns: {
      name: '名称',
      duties: '值班次数',
      nights: '夜班次数',
      weekendDuties: '周末值班次数',
      holidayDuties: '节假日值班次数',
      minutes: '实际分钟',
      creditedMinutes: '计入分钟',
      creditedHours: '计入小时',
      standbyMinutes: '备勤分钟',
      nightMinutes: '夜间分钟',
      weekendMinutes: '周末分钟',
      holidayMinutes: '节假日分钟',
      declines: '不能参加',
      noShows: '未到岗',
      lateCancellations: '临期退出',
      calledOut: '补位次数',
      shortNotice: '临时征召次数',
      nightsAbove: '夜班超出应摊',
      weekendDutiesAbove: '周末值班超出应摊',
      holidayDutiesAbove: '节假日值班超出应摊',
      shortNoticeAbove: '临时征召超出应摊',
      dutiesAbove: '值班超出应摊',
      fairShare: '均衡情况',
      id: '编号',
    },
    title: (group, figure) => `各${group}${figure}`,
    description: (count, from, to) => `自${from}起至${to}前，共${count}项。`,
    others: (count) => `其他${count}项`,
    standing: standingZh,
  },
  en: {
    sheet: 'Summary',
    groups: { person: 'person', unit: 'unit', echelon: 'echelon', post: 'post', period: 'period' },
    figures: {
      hours: 'Credited hours',
      nights: 'Nights',
      duties: 'Duties',
      declines: 'Declines',
      noShows: 'No-shows',
      lateCancellations: 'Late cancellations',
    },
    columns: {
      name: 'Name',
      duties: 'Duties',
      nights: 'Nights',
      weekendDuties: 'Weekend duties',
      holidayDuties: 'Holiday duties',
      minutes: 'Minutes',
      creditedMinutes: 'Credited minutes',
      creditedHours: 'Credited hours',
      standbyMinutes: 'Standby minutes',
      nightMinutes: 'Night minutes',
      weekendMinutes: 'Weekend minutes',
      holidayMinutes: 'Holiday minutes',
      declines: 'Declines',
      noShows: 'No-shows',
      lateCancellations: 'Late cancellations',
      calledOut: 'Called out',
      shortNotice: 'Short-notice calls',
      nightsAbove: 'Nights above fair share',
      weekendDutiesAbove: 'Weekend duties above fair share',
      holidayDutiesAbove: 'Holiday duties above fair share',
      shortNoticeAbove: 'Short-notice calls above fair share',
      dutiesAbove: 'Duties above fair share',
      fairShare: 'Fair share',
      id: 'Id',
    },
    title: (group, figure) => `${figure} by ${group}`,
    description: (count, from, to) => `${count} in all, from ${from} until before ${to}.`,
    others: (count) => `${count} others`,
    standing: standingEn,
  },
})
