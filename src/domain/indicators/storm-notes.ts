import { sum } from 'simple-statistics'
import { note } from './indicator.js'
import type { Storm } from './outfall-storms.js'
import type { Note } from './result.js'
import type { StormSums } from './storm-sums.js'

/** What a reader of the sums has to know. */
export function stormNotes(sums: StormSums): Note[] {
  const notes: Note[] = []
  const storms = sums.groups.flatMap((group) => group.storms)
  const times = (some: readonly Storm[]) =>
    some.map(({ event }) => new Date(event.fromMs).toISOString()).join(', ')
  const aboveOne = sums.used.filter(({ volumeM3, rainM3 }) => volumeM3 > rainM3)
  if (aboveOne.length > 0) {
    notes.push(
      note(
        'phi_above_one',
        `${times(aboveOne)}:径流系数大于 1,有外来水、面积有误或雨量偏小`,
        `${times(aboveOne)}: runoff coefficient above 1: external inflow, a wrong area, or a gauge that caught too little`,
      ),
    )
  }
  for (const [use, zh, en] of REASONS_UNUSED) {
    const some = storms.filter((storm) => storm.use === use)
    if (some.length > 0) {
      notes.push(note(`event_${use}`, `${times(some)}:${zh}`, `${times(some)}: ${en}`))
    }
  }
  const volumes = sums.used.flatMap(({ runoffs }) =>
    runoffs.flatMap(({ outfall, upstream }) => [outfall, ...upstream]),
  )
  const bridgedMin = sum(volumes.map(({ bridgedMs }) => bridgedMs)) / 60_000
  if (bridgedMin > 0) {
    notes.push(
      note(
        'gap_bridged',
        `流量短缺测共 ${bridgedMin.toFixed(0)} min 线性插补,误差区间已放宽`,
        `flow gaps of ${bridgedMin.toFixed(0)} min in all are bridged linearly and widen the interval`,
      ),
    )
  }
  const reverseM3 = sum(volumes.map((volume) => volume.reverseM3))
  if (reverseM3 > 0) {
    notes.push(
      note(
        'reverse_flow',
        `倒流 ${reverseM3.toFixed(1)} m³ 按负值计入`,
        `${reverseM3.toFixed(1)} m³ flowed back and count negative`,
      ),
    )
  }
  const cut = sums.used.filter(({ runoffs }) =>
    runoffs.some(({ window }) => window.endedBy !== 'recession'),
  )
  if (cut.length > 0) {
    notes.push(
      note(
        'recession_cut',
        `${times(cut)}:退水在下一场降雨或最长退水时间处截断`,
        `${times(cut)}: the recession was cut by the next event or the longest recession`,
      ),
    )
  }
  const spread = sums.used.filter(({ event }) => event.timing === 'spread')
  if (spread.length > 0) {
    notes.push(
      note(
        'rain_timing_unknown',
        `${times(spread)}:累计雨量计缺测,总量已知,时程未知`,
        `${times(spread)}: a counter’s gap; the depth is known, its distribution in time is not`,
      ),
    )
  }
  const shared = sums.groups.filter(({ outfalls }) => outfalls.length > 1)
  for (const { outfalls } of shared) {
    const ids = outfalls.map(({ id }) => id).join(', ')
    notes.push(
      note(
        'shared_catchment',
        `${ids} 共用汇水区,合并计算`,
        `${ids} share catchments and are taken together`,
      ),
    )
  }
  const small = sum(sums.groups.map(({ smallEvents }) => smallEvents))
  if (small > 0) {
    notes.push(
      note(
        'small_events_dropped',
        `${small} 场降雨不大于最小降雨量,未计入`,
        `${small} events are not deeper than the least depth and do not count`,
      ),
    )
  }
  if (sums.used.length > 0 && (sums.runoffBounds === null || sums.rainBounds === null)) {
    notes.push(
      note(
        'accuracy_unknown',
        '有仪器未登记准确度,不给出误差区间',
        'the accuracy of an instrument is not in the registry: no interval is given',
      ),
    )
  }
  return notes
}

const REASONS_UNUSED = [
  ['rain-incomplete', '雨量不完整,未计入', 'rain not complete, not used'],
  ['flow-incomplete', '流量缺测过多,未计入', 'too much flow missing, not used'],
  ['base-flow-unknown', '基流无法确定,未计入', 'base flow cannot be told, not used'],
] as const
