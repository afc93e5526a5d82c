/** Given by the source: the composition, 42 and 15 people, a squad of over 20, 8 volunteers. The others are a reading. */
export const FIGURES = {
  leaders: 6,
  officers: 6,
  clerksPerOffice: 4,
  /** A vice president and the people they lead, at the sampling points. */
  community: 42,
  guards: 15,
  guardsPerShift: 5,
  floodSquad: 22,
  wanted: 8,
  reserve: 20,
} as const

export const ZONE = 'Asia/Shanghai'
export const WEEK = { fromOn: '2030-08-01', toOn: '2030-08-08' }
export const COMMUNITY = { fromOn: '2030-08-04', toOn: '2030-08-07' }
export const GUARD_FROM = '2030-08-06'
/** In the first half of the week one half of the people is on leave, then the other. */
export const LEAVE_TURNS_ON = '2030-08-05'

export const LEADER = '带班领导'
export const OFFICER = '值班员'
export const OFFICE = '办公室值班'
export const AFFAIRS = '总务处值班'
export const VICE_PRESIDENT = '带队副院长'

/** Departments tell the duty officer, the duty officer reports upward. */
export const PARTS_DUE = '16:30'
export const WHOLE_DUE = '17:00'

export const DEPARTMENTS = [
  { code: 'TEACH', name: '教务处' },
  { code: 'STUD', name: '学生处' },
  { code: 'GUARD', name: '保卫处' },
  { code: 'LOGI', name: '后勤处' },
] as const
