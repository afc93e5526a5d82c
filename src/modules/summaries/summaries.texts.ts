import { catalogue } from '../../platform/texts/catalogue.ts'
import type { CHART_FIGURES, Group } from './summaries.types.ts'

interface Texts {
  sheet: string
  groups: Record<Group, string>
  figures: Record<(typeof CHART_FIGURES)[number], string>
  columns: Record<string, string>
  title: (group: string, figure: string) => string
  description: (count: number, from: string, to: string) => string
  others: (count: number) => string
  fair: string
  standing: (of: 'nights' | 'duties', above: number) => string
}

const plural = (count: number, one: string) => `${count} ${count === 1 ? one : `${one.replace(/y$/, 'ie')}s`}`

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
      nightsAbove: '夜班超出应摊',
      dutiesAbove: '值班超出应摊',
      fairShare: '均衡情况',
      id: '编号',
    },
    title: (group, figure) => `各${group}${figure}`,
    description: (count, from, to) => `自${from}起至${to}前，共${count}项。`,
    others: (count) => `其他${count}项`,
    fair: '与应摊份额相当',
    standing: (of, above) =>
      `比应摊份额${above > 0 ? '多' : '少'}${Math.abs(above)}${of === 'nights' ? '个夜班' : '次值班'}`,
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
      nightsAbove: 'Nights above fair share',
      dutiesAbove: 'Duties above fair share',
      fairShare: 'Fair share',
      id: 'Id',
    },
    title: (group, figure) => `${figure} by ${group}`,
    description: (count, from, to) => `${count} in all, from ${from} until before ${to}.`,
    others: (count) => `${count} others`,
    fair: 'at the fair share',
    standing: (of, above) =>
      `${plural(Math.abs(above), of === 'nights' ? 'night' : 'duty')} ${above > 0 ? 'above' : 'below'} fair share`,
  },
})
