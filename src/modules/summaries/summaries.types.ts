export const GROUPS = ['person', 'unit', 'echelon', 'post', 'period'] as const
export const PERIODS = ['day', 'week', 'month'] as const
export const CHART_FIGURES = ['hours', 'nights', 'duties', 'declines', 'noShows', 'lateCancellations'] as const
export type Group = (typeof GROUPS)[number]

/** What one person, unit, echelon, post or period has to show. */
export interface Figures {
  duties: number
  nights: number
  weekendDuties: number
  holidayDuties: number
  shortNotice: number
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
  weekendDuties: number
  holidayDuties: number
  shortNotice: number
  minutes: number
}

/** People of one unit and class are compared with each other. */
export interface Peers {
  unitId: string
  personClass: string
}

/** A time at which some of them served, in minutes since 1970-01-01T00:00Z, with all minutes served in it. */
export interface ServedTime extends Peers {
  start: number
  end: number
  minutes: number
}

/** Part (0 to 1) of what their peers served that lies in the time somebody offered. */
export interface StandingPart {
  volunteerId: string
  part: number
}

/** What somebody is said to have too much or too little of. */
export type Kind = 'nights' | 'weekendDuties' | 'holidayDuties' | 'shortNotice' | 'hours' | 'duties'
export interface Distance {
  of: Kind
  /** Whole; below zero: too few. */
  above: number
}

export interface SummaryRow extends Figures {
  id: string
  name: string
  sortKey: string
  /** Of people only. */
  share?: Share
}
