/** What was missing may still be filed: it is `filed_late` then, and says since when it was missing. */
export const REPORT_STATES = ['due', 'filed', 'late', 'filed_late', 'missing'] as const
export type ReportState = (typeof REPORT_STATES)[number]

export const isFiled = (state: ReportState): boolean => state === 'filed' || state === 'filed_late'
