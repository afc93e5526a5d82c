import { catalogue } from '../../platform/texts/catalogue.ts'
import type { Mark } from './duty-sheets.types.ts'

type Words = Record<string, string>

interface Texts {
  coverage: { title: string; columns: Words; rules: string[] }
  month: {
    title: string
    columns: Words
    /** What stands in the cell of a day, and what it means. */
    marks: Record<Mark, [sign: string, meaning: string]>
    rules: string[]
  }
  notes: { sheet: string; item: string; text: string; unit: string; period: string; made: string; filter: string }
  legend: string
}

export const TEXTS = catalogue<Texts>('duty-sheets', {
  zh: {
    coverage: {
      title: '岗位覆盖情况',
      columns: {
        day: '值班日期',
        unit: '单位',
        post: '岗位',
        kind: '类别',
        start: '开始',
        end: '结束',
        zone: '时区',
        roles: '角色（已排/应排）',
        minimum: '最低人数',
        desired: '应排人数',
        held: '已排人数',
        confirmed: '已确认',
        present: '到岗人数',
        open: '空缺',
        openMandatory: '必需空缺',
        noShows: '未到岗',
        fromReserve: '后备补位',
        tiers: '补位梯队',
        requiredMinutes: '最低应有分钟',
        uncoveredMinutes: '缺员分钟',
        emptyMinutes: '空岗分钟',
        shiftId: '班次编号',
      },
      rules: [
        '缺员分钟：本班次各角色在岗人数低于最低人数的席位分钟，截至导出时。',
        '空岗分钟：班次时间内岗位上无任何人在岗的分钟；延时未离岗的上一班人员视为在岗。备勤班次不计。',
        '尚未开始的班次不计分钟。按时间拆分的席位各自成行。',
      ],
    },
    month: {
      title: '月度考勤表',
      columns: {
        personNumber: '人员编号',
        name: '姓名',
        unit: '所属单位',
        personClass: '人员类别',
        duties: '值班次数',
        minutes: '实际分钟',
        creditedMinutes: '计入分钟',
        standbyMinutes: '备勤分钟',
        nights: '夜班次数',
        nightMinutes: '夜间分钟',
        weekends: '周末班次',
        weekendMinutes: '周末分钟',
        holidays: '节假日班次',
        holidayMinutes: '节假日分钟',
        late: '迟到次数',
        lateMinutes: '迟到分钟',
        leftEarly: '早退次数',
        noShows: '缺岗次数',
        excused: '准假次数',
        personId: '人员标识',
      },
      marks: {
        completed: ['√', '出勤'],
        standby: ['备', '备勤'],
        late: ['迟', '迟到'],
        'left-early': ['退', '早退'],
        'late-and-left-early': ['迟退', '迟到并早退'],
        serving: ['在', '值班中'],
        no_show: ['缺', '缺岗'],
        excused: ['假', '准假'],
        'not-recorded': ['未', '未签到'],
        planned: ['班', '已排班'],
        leave: ['休', '请假'],
      },
      rules: [
        '次数与分钟取自服务时长台账；一日多班以“/”分隔，按时间先后。',
        '夜班：夜间时段满三小时的值班。周末、节假日班次：含有周末、节假日分钟的值班。',
      ],
    },
    notes: {
      sheet: '说明',
      item: '项目',
      text: '内容',
      unit: '单位',
      period: '期间',
      made: '生成时间',
      filter: '筛选条件',
    },
    legend: '标记：',
  },
  en: {
    coverage: {
      title: 'Coverage of posts',
      columns: {
        day: 'Duty day',
        unit: 'Unit',
        post: 'Post',
        kind: 'Kind',
        start: 'Start',
        end: 'End',
        zone: 'Time zone',
        roles: 'Roles (held/desired)',
        minimum: 'Minimum',
        desired: 'Desired',
        held: 'Held',
        confirmed: 'Confirmed',
        present: 'Present',
        open: 'Open',
        openMandatory: 'Open, mandatory',
        noShows: 'Did not come',
        fromReserve: 'From the reserve',
        tiers: 'Tiers',
        requiredMinutes: 'Minutes required',
        uncoveredMinutes: 'Minutes uncovered',
        emptyMinutes: 'Minutes empty',
        shiftId: 'Shift id',
      },
      rules: [
        'Minutes uncovered: seat-minutes by which, role by role, fewer of this shift were there than the minimum, until the file was made.',
        'Minutes empty: minutes of the shift in which nobody was at the post; whoever stays on from the shift before is there. Not of standby.',
        'A shift that has not begun has no minutes. A seat that was cut in time has a row for each part.',
      ],
    },
    month: {
      title: 'Monthly attendance',
      columns: {
        personNumber: 'Person number',
        name: 'Name',
        unit: 'Unit',
        personClass: 'Class',
        duties: 'Duties',
        minutes: 'Minutes',
        creditedMinutes: 'Credited minutes',
        standbyMinutes: 'Standby minutes',
        nights: 'Nights',
        nightMinutes: 'Night minutes',
        weekends: 'Weekend duties',
        weekendMinutes: 'Weekend minutes',
        holidays: 'Holiday duties',
        holidayMinutes: 'Holiday minutes',
        late: 'Late',
        lateMinutes: 'Minutes late',
        leftEarly: 'Left early',
        noShows: 'Did not come',
        excused: 'Excused',
        personId: 'Person id',
      },
      marks: {
        completed: ['P', 'present'],
        standby: ['B', 'standby'],
        late: ['L', 'late'],
        'left-early': ['E', 'left early'],
        'late-and-left-early': ['LE', 'late and left early'],
        serving: ['S', 'on duty'],
        no_show: ['N', 'did not come'],
        excused: ['X', 'excused'],
        'not-recorded': ['U', 'not checked in'],
        planned: ['D', 'planned'],
        leave: ['V', 'on leave'],
      },
      rules: [
        'Duties and minutes are those of the ledger; several duties of a day stand in order of time, parted by "/".',
        'Night: a duty with three hours of night or more. Weekend and holiday duties: those with minutes of these.',
      ],
    },
    notes: {
      sheet: 'Notes',
      item: 'Item',
      text: 'Text',
      unit: 'Unit',
      period: 'Period',
      made: 'Made at',
      filter: 'Filter',
    },
    legend: 'Marks:',
  },
})
