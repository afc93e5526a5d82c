export const GROUPS = ['person', 'unit', 'echelon', 'post', 'period'] as const
export const PERIODS = ['day', 'week', 'month'] as const
export const CHART_FIGURES = ['hours', 'nights', 'duties', 'declines', 'noShows', 'lateCancellations'] as const
export type Group = (typeof GROUPS)[number]

/** What one person, unit, echelon, post or period has to show. */
export interface Figures {
  duties: number
  nights: number
  minutes: number
  creditedMinutes: number
  standbyMinutes: number
  nightMinutes: number
  weekendMinutes: number
  holidayMinutes: number
  declines: number
  noShows: number
  lateCancellations: number
  calledOut: number
}

/** What a person would carry if everybody of the same unit and class carried alike. */
export interface Share {
  duties: number
  nights: number
  minutes: number
}

export interface SummaryRow extends Figures {
  id: string
  name: string
  sortKey: string
  /** Of people only. */
  share?: Share
}
