/** The figures of the duty system that scenario A stands for, and how this project reads what they leave open. */
export const FIGURES = {
  units: { department: 34, hospital: 6, township: 12, community: 24, company: 16 },
  cadres: { chief: 15, deputy: 26, staff: 108 },
  rotationEchelons: 2,
  checkpoints: 11,
  leadsPerCheckpoint: 1,
  crewPerCheckpoint: 4,
  medical: 72,
  medicalEchelons: 3,
  /** The hotline has people of its own, besides the 72. */
  hotline: 7,
  hotlineShiftsPerDay: 3,
  reserve: 3091,
  /** Reserve people that could lead a checkpoint, and those that could take the hotline. */
  reserveChiefs: 93,
  reserveDeputies: 186,
  reserveMedical: 120,
} as const

/** The three reserve echelons, in the order in which they are called. `people` add up to the reserve. */
export const AGE_BANDS = [
  { from: 18, to: 35, people: 1236 },
  { from: 36, to: 50, people: 1237 },
  { from: 51, to: 60, people: 618 },
] as const

export const GRADES = ['chief', 'deputy', 'staff'] as const
export type Grade = (typeof GRADES)[number]

export const MEDICAL = 'medical'
export const CITY_ZONE = 'Asia/Shanghai'
export const RELIEF_TIME = '08:00'
