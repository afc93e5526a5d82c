import type { LengthText } from '../../time/lengths.ts'
import type { LocalTime } from '../../time/zones.ts'

export interface PresetShift {
  name: { zh: string; en: string }
  startTime: LocalTime
  length: LengthText
}

/** A pattern of shifts as it is in use: the templates a post gets, and how people relieve each other. */
export interface ShiftPreset {
  id: string
  name: { zh: string; en: string }
  shifts: PresetShift[]
  /** How a rotation set is to turn for it: the length of one turn, and how many echelons it takes. */
  rotation: { period: LengthText; echelons: number } | null
}

const shift = (zh: string, en: string, startTime: LocalTime, length: LengthText): PresetShift => ({
  name: { zh, en },
  startTime,
  length,
})
const THREE_SHIFTS = [
  shift('早班', 'Day shift', '08:00', 'PT8H'),
  shift('中班', 'Evening shift', '16:00', 'PT8H'),
  shift('夜班', 'Night shift', '00:00', 'PT8H'),
]

/** Shift patterns that ship with the product. */
export const SHIFT_PRESETS: readonly ShiftPreset[] = [
  {
    id: '24h-weekly',
    name: { zh: '24小时值守，梯队每周轮换', en: '24 hours, echelons relieve each other every week' },
    shifts: [shift('全天班', 'Round the clock', '08:00', 'P1D')],
    rotation: { period: 'P7D', echelons: 2 },
  },
  {
    id: 'three-shifts',
    name: { zh: '三班倒（8-16-24-8）', en: 'Three shifts (08-16-24-08)' },
    shifts: THREE_SHIFTS,
    rotation: null,
  },
  {
    id: '8-15-22-8',
    name: { zh: '8-15-22-8', en: '8-15-22-8' },
    shifts: [
      shift('早班', 'Day shift', '08:00', 'PT7H'),
      shift('中班', 'Evening shift', '15:00', 'PT7H'),
      shift('夜班', 'Night shift', '22:00', 'PT10H'),
    ],
    rotation: null,
  },
  {
    id: 'four-crews-three-shifts',
    name: { zh: '四班三倒', en: 'Four crews, three shifts' },
    shifts: THREE_SHIFTS,
    rotation: { period: 'PT8H', echelons: 4 },
  },
  {
    id: 'four-part-day',
    name: { zh: '四段班', en: 'Day in four parts' },
    shifts: [
      shift('上午班', 'Morning', '06:30', 'PT5H'),
      shift('下午班', 'Afternoon', '11:30', 'PT6H'),
      shift('前夜班', 'Evening', '17:30', 'PT7H30M'),
      shift('后夜班', 'Small hours', '01:00', 'PT5H30M'),
    ],
    rotation: null,
  },
  {
    id: 'day-07-23',
    name: { zh: '日间值守（7-23）', en: 'By day, 07-23' },
    shifts: [shift('日间班', 'By day', '07:00', 'PT16H')],
    rotation: null,
  },
]
