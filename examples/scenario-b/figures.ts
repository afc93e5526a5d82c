/** Given by the source: the receivers, the returned persons, the rounds. The other figures are this project's reading. */
export const FIGURES = {
  leaders: 6,
  staff: 12,
  reserveLeaders: 2,
  reserveStaff: 6,
  /** Two shifts of 12 hours: a leader and two staff each. */
  shiftsPerDay: 2,
  seatsPerShift: 3,
  returned: 67,
  phoneRounds: 2,
  retired: 40,
  disinfectionRounds: 6,
  places: ['值班室', '活动室', '阅览室', '食堂', '大厅'],
} as const

export const ZONE = 'Asia/Shanghai'
export const WEEK = { fromOn: '2030-02-07', toOn: '2030-02-11' }
/** The zero report of every day. */
export const DUE = '17:00'

export const LEADER = '带班领导'
export const STAFF = '值班员'

/** Everybody of the chain is a unit of its own, so that alarms climb it one by one. */
export const CHAIN = [
  { code: 'DEP', parentCode: null, kind: 'office', name: '分管副局长', title: '分管副局长' },
  { code: 'AREA1', parentCode: 'DEP', kind: 'area', name: '第一片区', title: '片区负责人' },
  { code: 'AREA2', parentCode: 'DEP', kind: 'area', name: '第二片区', title: '片区负责人' },
  { code: 'AREA3', parentCode: 'DEP', kind: 'area', name: '第三片区', title: '片区负责人' },
  { code: 'ROOM', parentCode: 'AREA1', kind: 'duty-room', name: '值班室', title: '联络员' },
] as const

export const RECEIVERS = ['州指挥部', '州纪委监委', '州卫生健康委']
