import type { CustomSeriesOption, LineSeriesOption, ScatterSeriesOption } from 'echarts/charts'
import type {
  DataZoomComponentOption,
  GridComponentOption,
  TooltipComponentOption,
} from 'echarts/components'
import { graphic, type ComposeOption } from 'echarts/core'
import type { CustomSeriesRenderItem } from 'echarts/types/dist/shared.js'
import type { Flag } from '../api/contract.js'
import type { Span } from '../api/client.js'
import { offsetMs } from '../i18n/city-time.js'
import type { Locale } from '../i18n/locale.js'
import { gaps, type Curve, type Ink, type Panel } from './time-chart-model.js'

export type ChartOption = ComposeOption<
  | CustomSeriesOption
  | LineSeriesOption
  | ScatterSeriesOption
  | GridComponentOption
  | TooltipComponentOption
  | DataZoomComponentOption
>
type ChartSeries = CustomSeriesOption | LineSeriesOption | ScatterSeriesOption

/** The page's colours, read from its style sheet, because a canvas knows no CSS. */
export interface ChartColours {
  readonly ink: Readonly<Record<Ink, string>>
  readonly text: string
  readonly muted: string
  readonly line: string
  readonly faint: string
  readonly surface: string
  readonly accent: string
  readonly suspect: string
  readonly fail: string
  readonly font: string
  /** Hatching of a stretch without data. */
  readonly hatch: HTMLCanvasElement
}

export interface ChartLayout {
  readonly widthPx: number
  readonly heightPx: number
}

const LEFT_PX = 54
const BETWEEN_PX = 30
const TOP_PX = 24
const TIME_LABELS_PX = 26
const SLIDER_PX = 40
/** The newest steps may still be on their way; a gap of this many at the end is not drawn as one. */
const STEPS_ON_THEIR_WAY = 2

/** ECharts' description of the stack of panels: one grid each, one time axis, gaps hatched. */
export function chartOption(
  panels: readonly Panel[],
  span: Span,
  words: Locale,
  colours: ChartColours,
  layout: ChartLayout,
): ChartOption {
  // ECharts chooses round ticks in UTC; shifted by the city's offset they are round for the city.
  const shift = offsetMs(words.zone, span.toMs)
  const own = panels.some((panel) => panel.curves.some((curve) => curve.axis === 'own'))
  const right = own ? 48 : 16
  const grids = gridsOf(panels, layout.heightPx, right)
  const bottom = panels.length - 1

  return {
    useUTC: true,
    animation: false,
    textStyle: { fontFamily: colours.font, color: colours.text },
    grid: grids,
    tooltip: { trigger: 'axis', showContent: false },
    axisPointer: {
      link: [{ xAxisIndex: 'all' }],
      lineStyle: { color: colours.muted, type: 'solid', width: 1 },
      label: { show: false },
    },
    xAxis: panels.map((panel, i) => ({
      id: `time-${panel.id}`,
      type: 'time' as const,
      gridId: panel.id,
      min: span.fromMs + shift,
      max: span.toMs + shift,
      position: panel.grows === 'down' ? ('top' as const) : ('bottom' as const),
      axisLine: { show: true, lineStyle: { color: colours.muted } },
      axisTick: { show: i === bottom, lineStyle: { color: colours.line } },
      splitLine: { show: true, lineStyle: { color: colours.faint } },
      splitNumber: Math.max(3, Math.round(layout.widthPx / 150)),
      axisLabel: {
        show: i === bottom,
        color: colours.muted,
        hideOverlap: true,
        fontSize: 12,
        formatter: (value: number) => tickLabel(value - shift, words),
        rich: { day: { color: colours.text, fontWeight: 'bold' as const } },
      },
      axisPointer: {
        label: {
          show: i === bottom,
          backgroundColor: colours.text,
          color: colours.surface,
          formatter: ({ value }: { value: unknown }) => words.dateTime(Number(value) - shift),
        },
      },
    })),
    yAxis: panels.flatMap((panel) => yAxes(panel, words, colours)),
    dataZoom: [
      {
        id: 'inside',
        type: 'inside',
        xAxisIndex: 'all',
        filterMode: 'none',
        // The wheel belongs to the page; with Ctrl it is the chart's.
        zoomOnMouseWheel: 'ctrl',
        moveOnMouseMove: layout.widthPx > 600,
        preventDefaultMouseMove: layout.widthPx > 600,
      },
      {
        id: 'slider',
        type: 'slider',
        xAxisIndex: 'all',
        filterMode: 'none',
        bottom: 6,
        left: LEFT_PX,
        right,
        height: 18,
        brushSelect: false,
        showDetail: false,
        showDataShadow: false,
        borderColor: colours.line,
        fillerColor: colours.faint,
        backgroundColor: 'transparent',
        handleSize: '110%',
        handleStyle: { color: colours.surface, borderColor: colours.muted },
        moveHandleSize: 0,
        emphasis: { handleStyle: { borderColor: colours.accent } },
      },
    ],
    series: panels.flatMap((panel) => panelSeries(panel, shift, colours)),
  } as ChartOption
}

function gridsOf(panels: readonly Panel[], heightPx: number, right: number): GridComponentOption[] {
  const weights = panels.reduce((sum, panel) => sum + panel.weight, 0)
  // Rain meets flow without a gap: they are one picture.
  const between = panels.map((panel, i): number =>
    i === 0 ? 0 : panels[i - 1]?.grows === 'down' && panel.grows === 'up' ? 0 : BETWEEN_PX,
  )
  const room =
    heightPx - TOP_PX - TIME_LABELS_PX - SLIDER_PX - between.reduce((sum, px) => sum + px, 0)
  let top = TOP_PX
  return panels.map((panel, i) => {
    top += between[i] ?? 0
    const height = Math.max(40, (room * panel.weight) / weights)
    const grid = {
      id: panel.id,
      left: LEFT_PX,
      right,
      top,
      height,
      outerBoundsMode: 'none' as const,
    }
    top += height
    return grid
  })
}

function tickLabel(atMs: number, words: Locale): string {
  const clock = words.clock(atMs)
  return clock === '00:00' ? `{day|${words.day(atMs)}}` : clock
}

/** The panel's axis at the left, and one at the right for curves with an axis of their own. */
function yAxes(panel: Panel, words: Locale, colours: ChartColours) {
  const shared = panel.curves.filter((curve) => curve.axis !== 'own')
  const own = panel.curves.find((curve) => curve.axis === 'own')
  const axis = (id: string, curves: readonly Curve[], name: string, place: 'left' | 'right') => {
    const range = axisRange(curves, panel)
    return {
      show: curves.length > 0,
      id,
      gridId: panel.id,
      type: 'value' as const,
      position: place,
      inverse: panel.grows === 'down',
      ...range,
      name,
      nameLocation: panel.grows === 'down' ? ('start' as const) : ('end' as const),
      nameGap: 8,
      nameTextStyle: {
        color: colours.muted,
        fontSize: 12,
        align: place,
        padding: place === 'left' ? [0, 0, 0, 6 - LEFT_PX] : [0, -44, 0, 0],
      },
      axisLine: { show: false },
      axisTick: { show: false },
      splitLine: { show: place === 'left', lineStyle: { color: colours.faint } },
      axisLabel: {
        color: colours.muted,
        fontSize: 12,
        // Where rain meets flow, the flow's axis has the word.
        showMaxLabel: panel.grows === 'up',
        formatter: (value: number) => words.number(value, 3),
      },
      axisPointer: { show: false },
    }
  }
  return [
    axis(`value-${panel.id}`, shared, `${panel.title}  ${panel.unit}`, 'left'),
    axis(`own-${panel.id}`, own === undefined ? [] : [own], own?.unit ?? '', 'right'),
  ]
}

/** From 0, or below for reverse flow, to a round number above everything that is drawn. */
function axisRange(curves: readonly Curve[], panel: Panel) {
  let highest = panel.atLeast
  let lowest = 0
  for (const curve of curves) {
    for (const value of curve.values) {
      if (value === null) continue
      if (value > highest) highest = value
      if (value < lowest) lowest = value
    }
    const newest = curve.newest?.value ?? 0
    if (newest > highest) highest = newest
  }
  if (lowest < 0) return { max: null, min: null, splitNumber: 3 }
  const { max, interval } = roundAbove(highest * 1.04)
  return { min: 0, max, interval }
}

const ROUND = [
  { top: 1, interval: 0.5 },
  { top: 1.5, interval: 0.5 },
  { top: 2, interval: 1 },
  { top: 2.5, interval: 0.5 },
  { top: 3, interval: 1 },
  { top: 4, interval: 2 },
  { top: 5, interval: 1 },
  { top: 6, interval: 2 },
  { top: 8, interval: 4 },
  { top: 10, interval: 5 },
]

function roundAbove(value: number): { max: number; interval: number } {
  const decade = 10 ** Math.floor(Math.log10(value))
  const round = ROUND.find(({ top }) => top * decade >= value) ?? { top: 10, interval: 5 }
  return { max: round.top * decade, interval: round.interval * decade }
}

function panelSeries(panel: Panel, shift: number, colours: ChartColours): ChartSeries[] {
  // By id: panels come and go, and positions of what stays do not follow.
  const axes = { xAxisId: `time-${panel.id}`, yAxisId: `value-${panel.id}` }
  const series: ChartSeries[] = [frame(panel, axes, shift, colours)]
  for (const curve of panel.curves) {
    const place = curve.axis === 'own' ? { ...axes, yAxisId: `own-${panel.id}` } : axes
    const shape = curve.shape === 'bars' ? bars : line
    series.push({ ...shape(curve, shift, colours), ...place })
    series.push({ ...flagMarks(curve, shift, colours), ...place })
    if (curve.newest !== undefined && curve.newest !== null) {
      series.push({ ...newestMark(curve, curve.newest, shift, colours), ...place })
    }
  }
  return series
}

/** Carries the hatching of gaps and the limit line; draws nothing itself. */
function frame(
  panel: Panel,
  axes: { readonly xAxisId: string; readonly yAxisId: string },
  shift: number,
  colours: ChartColours,
): LineSeriesOption {
  const hatched = commonGaps(panel).map(
    ({ fromMs, toMs }): [{ xAxis: number }, { xAxis: number }] => [
      { xAxis: fromMs + shift },
      { xAxis: toMs + shift },
    ],
  )
  return {
    id: `frame-${panel.id}`,
    type: 'line',
    ...axes,
    data: [],
    silent: true,
    markArea: {
      silent: true,
      itemStyle: { color: { image: colours.hatch, repeat: 'repeat' } },
      data: hatched,
    },
    markLine: {
      silent: true,
      symbol: 'none',
      lineStyle: { color: colours.fail, type: 'dashed', width: 1.25 },
      label: {
        formatter: panel.limit?.label ?? '',
        position: 'insideEndTop',
        color: colours.fail,
        fontSize: 12,
      },
      data: panel.limit === undefined ? [] : [{ yAxis: panel.limit.value }],
    },
  }
}

/** Where none of the panel's curves has data. */
function commonGaps(panel: Panel): Span[] {
  const [first, ...others] = panel.curves.filter((curve) => curve.axis !== 'own')
  if (first === undefined) return []
  const values = first.values.map((value, i) => {
    if (value !== null) return value
    return others.find((curve) => (curve.values[i] ?? null) !== null)?.values[i] ?? null
  })
  const endMs = (first.fromMs.at(-1) ?? 0) + first.stepMs
  return gaps({ ...first, values }).filter(
    ({ fromMs, toMs }) =>
      toMs < endMs || toMs - fromMs > STEPS_ON_THEIR_WAY * first.stepMs || endMs === toMs - fromMs,
  )
}

function bars(curve: Curve, shift: number, colours: ChartColours): CustomSeriesOption {
  const ink = colours.ink[curve.ink]
  const data = curve.values.flatMap((value, i) => {
    const fromMs = curve.fromMs[i]
    if (value === null || value === 0 || fromMs === undefined) return []
    return [[fromMs + shift, fromMs + shift + curve.stepMs, value, curve.flags?.[i] ?? 2]]
  })
  const renderItem: CustomSeriesRenderItem = (params, api) => {
    const from = api.coord([api.value(0), 0])
    const to = api.coord([api.value(1), api.value(2)])
    const [x0 = 0, y0 = 0] = from
    const [x1 = 0, y1 = 0] = to
    const width = x1 - x0
    const seam = width > 5 ? 1 : 0
    const area = params.coordSys as unknown as Box
    const shape = graphic.clipRectByRect(
      {
        x: x0,
        y: Math.min(y0, y1),
        width: Math.max(width - seam, 0.7),
        height: Math.max(Math.abs(y1 - y0), 1),
      },
      area,
    )
    if (shape === undefined) return null
    const fill = api.value(3) === 3 ? colours.suspect : ink
    return { type: 'rect', shape, style: { fill } }
  }
  return {
    id: curve.id,
    type: 'custom',
    renderItem,
    dimensions: ['from', 'to', 'value', 'flag'],
    encode: { x: [0, 1], y: 2 },
    data,
    clip: true,
  }
}

interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

function line(curve: Curve, shift: number, colours: ChartColours): LineSeriesOption {
  const ink = colours.ink[curve.ink]
  const middle = shift + curve.stepMs / 2
  return {
    id: curve.id,
    type: 'line',
    data: curve.values.map((value, i) => {
      const x = (curve.fromMs[i] ?? 0) + middle
      return isAlone(curve.values, i)
        ? { value: [x, value], symbol: 'circle', symbolSize: 4 }
        : [x, value ?? '-']
    }),
    connectNulls: false,
    showSymbol: true,
    symbol: 'none',
    lineStyle: {
      color: ink,
      width: curve.axis === 'own' ? 1.25 : 2,
      type: curve.axis === 'own' ? 'dashed' : 'solid',
    },
    itemStyle: { color: ink },
    ...(curve.axis === 'own' ? {} : { areaStyle: { color: ink, opacity: 0.1 } }),
    emphasis: { disabled: true },
  }
}

/** A value between two gaps would be a line of no length. */
function isAlone(values: readonly (number | null)[], i: number): boolean {
  return values[i] !== null && (values[i - 1] ?? null) === null && (values[i + 1] ?? null) === null
}

/** A hollow triangle for suspect, a diamond for fail; a failed step without a value is marked on the base line. */
function flagMarks(curve: Curve, shift: number, colours: ChartColours): ScatterSeriesOption {
  const data = (curve.flags ?? []).flatMap((flag, i) => {
    const fromMs = curve.fromMs[i]
    if ((flag !== 3 && flag !== 4) || fromMs === undefined) return []
    return [mark(fromMs + curve.stepMs / 2 + shift, curve.values[i] ?? 0, flag, colours)]
  })
  return { id: `flags-${curve.id}`, type: 'scatter', data, silent: true, z: 5 }
}

function mark(x: number, y: number, flag: Flag, colours: ChartColours) {
  const colour = flag === 4 ? colours.fail : colours.suspect
  return {
    value: [x, y],
    symbol: flag === 4 ? 'diamond' : 'triangle',
    symbolSize: flag === 4 ? 10 : 9,
    itemStyle: {
      color: flag === 4 ? colour : colours.surface,
      borderColor: colour,
      borderWidth: 1.5,
    },
  }
}

function newestMark(
  curve: Curve,
  newest: { readonly atMs: number; readonly value: number },
  shift: number,
  colours: ChartColours,
): ScatterSeriesOption {
  return {
    id: `newest-${curve.id}`,
    type: 'scatter',
    silent: true,
    z: 6,
    symbolSize: 9,
    itemStyle: { color: colours.surface, borderColor: colours.ink[curve.ink], borderWidth: 2.5 },
    data: [[newest.atMs + shift, newest.value]],
  }
}
