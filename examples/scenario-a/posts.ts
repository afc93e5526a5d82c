import { FIGURES, type Grade, MEDICAL, RELIEF_TIME } from './figures.ts'

export type SetKey = 'rotation' | 'reserve' | 'medical' | 'hotline'

export interface ScenarioRequirement {
  role: string
  minimum: number
  desired: number
  maximum: number
  grades: Grade[]
  qualifications: string[]
  set: SetKey
  /** Searched in this order when a seat becomes a gap. */
  reserveSets: SetKey[]
}

export interface ScenarioTemplate {
  name: string
  rule: string
  startTime: string
  length: string
}

export interface ScenarioPost {
  name: string
  kind: 'checkpoint' | 'hotline'
  address: string
  priority: number
  requirements: ScenarioRequirement[]
  templates: ScenarioTemplate[]
}

const CHECKPOINTS = [
  '火车站卡点',
  '高铁站卡点',
  '客运总站卡点',
  '机场巴士站卡点',
  '高速北收费站卡点',
  '高速南收费站卡点',
  '高速东收费站卡点',
  '高速西收费站卡点',
  '国道省界卡点',
  '沿江公路卡点',
  '轮渡码头卡点',
]

const exactly = (count: number) => ({ minimum: count, desired: count, maximum: count })

const CHECKPOINT_COVER: ScenarioRequirement[] = [
  {
    role: 'lead',
    ...exactly(FIGURES.leadsPerCheckpoint),
    grades: ['chief', 'deputy'],
    qualifications: [],
    set: 'rotation',
    reserveSets: ['reserve'],
  },
  {
    role: 'crew',
    ...exactly(FIGURES.crewPerCheckpoint),
    grades: ['staff'],
    qualifications: [],
    set: 'rotation',
    reserveSets: ['reserve'],
  },
]

const checkpoint = (name: string, index: number): ScenarioPost => ({
  name,
  kind: 'checkpoint',
  address: `青泽市入城道口${index + 1}号`,
  priority: index < 4 ? 1 : 2,
  requirements: CHECKPOINT_COVER,
  templates: [{ name: '全天班', rule: 'FREQ=DAILY', startTime: RELIEF_TIME, length: 'P1D' }],
})

const HOTLINE_WATCHES = [
  ['早班', '08:00'],
  ['中班', '16:00'],
  ['夜班', '00:00'],
] as const

const hotline: ScenarioPost = {
  name: '24小时热线',
  kind: 'hotline',
  address: '青泽市指挥部热线室',
  priority: 1,
  requirements: [
    {
      role: 'operator',
      ...exactly(1),
      grades: [],
      qualifications: [MEDICAL],
      set: 'hotline',
      reserveSets: ['medical', 'reserve'],
    },
  ],
  templates: HOTLINE_WATCHES.map(([name, startTime]) => ({ name, rule: 'FREQ=DAILY', startTime, length: 'PT8H' })),
}

/** Eleven checkpoints relieved every 24 hours at 08:00, and the hotline with three watches of 8 hours. */
export const makePosts = (): ScenarioPost[] => [...CHECKPOINTS.map(checkpoint), hotline]
