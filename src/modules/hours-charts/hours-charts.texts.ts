import { catalogue } from '../../platform/texts/catalogue.ts'
import type { ChartBy } from './hours-charts.schemas.ts'

interface Texts {
  title: Record<ChartBy, string>
  description: (facts: { shown: number; hours: string; from?: string | undefined; to?: string | undefined }) => string
  daytime: string
  night: string
  served: string
  planned: string
  others: (count: number) => string
}

export const TEXTS = catalogue<Texts>('hours-charts', {
  zh: {
    title: {
      person: '各人员时长（小时）',
      unit: '各单位时长（小时）',
      post: '各岗位时长（小时）',
      day: '每日时长（小时）',
    },
    description: ({ shown, hours, from, to }) =>
      `${from ? `自${from}起` : ''}${to ? `至${to}前` : ''}共${shown}项，合计${hours}小时。`,
    daytime: '日间',
    night: '夜间',
    served: '实际',
    planned: '计划',
    others: (count) => `其他${count}项`,
  },
  en: {
    title: { person: 'Hours by person', unit: 'Hours by unit', post: 'Hours by post', day: 'Hours by day' },
    description: ({ shown, hours, from, to }) =>
      `${shown} in all, together ${hours} hours${from ? ` from ${from}` : ''}${to ? ` until before ${to}` : ''}.`,
    daytime: 'Day',
    night: 'Night',
    served: 'Served',
    planned: 'Planned',
    others: (count) => `${count} others`,
  },
})
