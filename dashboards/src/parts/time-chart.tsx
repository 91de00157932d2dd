import { useSignal } from '@preact/signals'
import { CustomChart, LineChart, ScatterChart } from 'echarts/charts'
import {
  DataZoomInsideComponent,
  DataZoomSliderComponent,
  GridComponent,
  MarkAreaComponent,
  MarkLineComponent,
  TooltipComponent,
} from 'echarts/components'
import { init, use, type EChartsType } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import type { Span } from '../api/client.js'
import { offsetMs } from '../i18n/city-time.js'
import { useLocale, type Locale } from '../i18n/locale.js'
import type { Theme } from '../state/settings.js'
import { FlagMark } from './flag.js'
import { Table, type Column } from './table.js'
import { stepAt, type Curve, type Ink, type Panel } from './time-chart-model.js'
import { chartOption, type ChartColours } from './time-chart-option.js'

use([
  CustomChart,
  LineChart,
  ScatterChart,
  GridComponent,
  TooltipComponent,
  DataZoomInsideComponent,
  DataZoomSliderComponent,
  MarkAreaComponent,
  MarkLineComponent,
  CanvasRenderer,
])

export interface TimeChartProps {
  /** Unique on the page. */
  readonly id: string
  readonly panels: readonly Panel[]
  readonly span: Span
  readonly theme: Theme
  /** What the picture shows, in words. */
  readonly description: string
  readonly tableCaption: string
  /** Ids of curves not drawn until the reader asks for them. */
  readonly hiddenAtFirst?: readonly string[]
  /** The reader zoomed and wants the part in its own steps. */
  readonly onLookCloser: (span: Span) => void
}

interface Zoom {
  /** Per cent of the span. */
  readonly start: number
  readonly end: number
}

const WHOLE: Zoom = { start: 0, end: 100 }
/** Curves that cannot be chosen: they are always there. */
type Hidden = ReadonlySet<string>

/**
 * A stack of plots over one time axis, with zoom and pan, a cursor for mouse and keyboard, the
 * values under it (with flag and coverage), and the same data as a table.
 *
 * For tests and scripts the frame says what is drawn: `data-drawn` lists `curve:steps with a value`,
 * `data-newest` the newest time drawn, UTC epoch ms.
 */
export function TimeChart(props: TimeChartProps) {
  const { id, panels, span, theme } = props
  const words = useLocale()
  const host = useRef<HTMLDivElement>(null)
  const chart = useRef<EChartsType | null>(null)
  const view = useSignal<'chart' | 'table'>('chart')
  const hidden = useSignal<Hidden>(new Set(props.hiddenAtFirst))
  const zoom = useSignal<Zoom>(WHOLE)
  const cursorMs = useSignal<number | null>(null)
  const spoken = useSignal('')
  const sizePx = useSignal({ width: 0, height: 0 })

  const shown = panels.map((panel) => ({
    ...panel,
    curves: panel.curves.filter((curve) => !hidden.value.has(curve.id)),
  }))
  const curves = panels.flatMap((panel) => panel.curves)
  const isTable = view.value === 'table'
  const shift = offsetMs(words.zone, span.toMs)
  const hiddenKey = [...hidden.value].join(' ')

  useLayoutEffect(() => {
    const element = host.current
    if (isTable || element === null) return undefined
    const opened = init(element, null, { renderer: 'canvas' })
    chart.current = opened
    const observer = new ResizeObserver(() => {
      opened.resize()
      sizePx.value = { width: element.clientWidth, height: element.clientHeight }
    })
    observer.observe(element)
    sizePx.value = { width: element.clientWidth, height: element.clientHeight }
    opened.on('datazoom', () => {
      const [state] = opened.getOption()['dataZoom'] as readonly Partial<Zoom>[]
      zoom.value = { start: state?.start ?? 0, end: state?.end ?? 100 }
    })
    const canvas = opened.getZr()
    canvas.on('globalout', () => {
      cursorMs.value = null
    })
    return () => {
      observer.disconnect()
      opened.dispose()
      chart.current = null
    }
  }, [isTable])

  useEffect(() => {
    const element = host.current
    const opened = chart.current
    const { width, height } = sizePx.value
    if (opened === null || element === null || width === 0) return undefined
    opened.setOption(
      chartOption(shown, span, words, readColours(element), { widthPx: width, heightPx: height }),
      { replaceMerge: ['series', 'grid', 'xAxis', 'yAxis'] },
    )
    const drawn = shown.flatMap((panel) => panel.curves)
    element.dataset['drawn'] = drawn
      .map((curve) => `${curve.id}:${curve.values.filter((value) => value !== null).length}`)
      .join(' ')
    element.dataset['newest'] = String(Math.max(0, ...drawn.map(newestDrawnMs)))
    // The pointer's position is asked of ECharts by axis value, so it needs the shift of this draw.
    const pointed = (event: unknown): void => {
      const { axesInfo } = event as { axesInfo?: readonly { axisDim: string; value: number }[] }
      const x = axesInfo?.find((info) => info.axisDim === 'x')?.value
      if (x !== undefined) cursorMs.value = x - shift
    }
    opened.on('updateAxisPointer', pointed)
    return () => {
      opened.off('updateAxisPointer', pointed)
    }
  }, [panels, span, words, theme, hiddenKey, sizePx.value, isTable])

  const applyZoom = (next: Zoom): void => {
    const start = Math.max(0, next.start)
    const end = Math.min(100, next.end)
    if (end - start < 0.5) return
    chart.current?.dispatchAction({ type: 'dataZoom', start, end })
    zoom.value = { start, end }
  }
  const lookAt = (share: number): Zoom => {
    const { start, end } = zoom.value
    const middle = (start + end) / 2
    const half = Math.min(50, ((end - start) / 2) * share)
    const from = Math.min(Math.max(0, middle - half), 100 - 2 * half)
    return { start: from, end: from + 2 * half }
  }
  const pan = (share: number): Zoom => {
    const { start, end } = zoom.value
    const by = Math.max(-start, Math.min(100 - end, (end - start) * share))
    return { start: start + by, end: end + by }
  }
  const zoomed = (): Span => {
    const length = span.toMs - span.fromMs
    return {
      fromMs: Math.round(span.fromMs + (length * zoom.value.start) / 100),
      toMs: Math.round(span.fromMs + (length * zoom.value.end) / 100),
    }
  }

  const moveCursor = (atMs: number): void => {
    const opened = chart.current
    const range = zoomed()
    const within = Math.min(Math.max(atMs, range.fromMs), range.toMs - 1)
    cursorMs.value = within
    const x = opened?.convertToPixel({ xAxisIndex: 0 }, within + shift)
    opened?.dispatchAction({ type: 'updateAxisPointer', currTrigger: 'mousemove', x, y: 60 })
    spoken.value = spokenAt(curves, hidden.value, within, words)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const stepMs = curves[0]?.stepMs ?? 60_000
    const at = cursorMs.value ?? (curves[0]?.fromMs.at(-1) ?? span.fromMs) + stepMs / 2
    const range = zoomed()
    const moves: Readonly<Record<string, () => void>> = {
      ArrowLeft: () => moveCursor(at - stepMs * (event.shiftKey ? 10 : 1)),
      ArrowRight: () => moveCursor(at + stepMs * (event.shiftKey ? 10 : 1)),
      Home: () => moveCursor(range.fromMs + stepMs / 2),
      End: () => moveCursor(range.toMs - stepMs / 2),
      '+': () => applyZoom(lookAt(0.5)),
      '=': () => applyZoom(lookAt(0.5)),
      '-': () => applyZoom(lookAt(2)),
      '0': () => applyZoom(WHOLE),
    }
    const move = moves[event.key]
    if (move === undefined) return
    event.preventDefault()
    move()
  }

  const readAtMs = cursorMs.value
  const isWhole = zoom.value.end - zoom.value.start > 99.5
  return (
    <div class="time-chart">
      <div class="chart-bar">
        <ul class="readout" aria-label={words.t('indicator.value')}>
          <li class="readout-time">
            <time>{readAtMs === null ? '' : stepText(curves[0], readAtMs, words)}</time>
          </li>
          {curves.map((curve) => (
            <li key={curve.id}>
              <Readout
                curve={curve}
                atMs={readAtMs}
                isHidden={hidden.value.has(curve.id)}
                onToggle={() => {
                  const next = new Set(hidden.value)
                  if (!next.delete(curve.id)) next.add(curve.id)
                  hidden.value = next
                }}
              />
            </li>
          ))}
        </ul>
        <div class="chart-tools">
          {!isTable && (
            <>
              <Tool label={words.t('chart.back')} sign="←" onClick={() => applyZoom(pan(-0.5))} />
              <Tool label={words.t('chart.forward')} sign="→" onClick={() => applyZoom(pan(0.5))} />
              <Tool
                label={words.t('chart.zoomIn')}
                sign="+"
                onClick={() => applyZoom(lookAt(0.5))}
              />
              <Tool
                label={words.t('chart.zoomOut')}
                sign="−"
                onClick={() => applyZoom(lookAt(2))}
              />
            </>
          )}
          {!isTable && !isWhole && (
            <>
              <button type="button" class="button" onClick={() => applyZoom(WHOLE)}>
                {words.t('chart.whole')}
              </button>
              <button
                type="button"
                class="button button-main"
                onClick={() => {
                  const range = zoomed()
                  applyZoom(WHOLE)
                  props.onLookCloser(range)
                }}
              >
                {words.t('chart.useRange')}
              </button>
            </>
          )}
          <button
            type="button"
            class="button"
            aria-pressed={isTable}
            onClick={() => {
              zoom.value = WHOLE
              cursorMs.value = null
              view.value = isTable ? 'chart' : 'table'
            }}
          >
            {words.t(isTable ? 'chart.asChart' : 'chart.asTable')}
          </button>
        </div>
      </div>
      {isTable ? (
        <ChartTable curves={curves} caption={props.tableCaption} />
      ) : (
        <>
          <div
            class="chart-frame"
            tabIndex={0}
            role="group"
            aria-label={words.t('chart.keys')}
            aria-describedby={`${id}-description`}
            onKeyDown={onKeyDown}
          >
            <div
              ref={host}
              class="chart-canvas"
              role="img"
              aria-label={props.description}
              id={`${id}-canvas`}
            />
          </div>
          <p class="unseen" id={`${id}-description`}>
            {props.description}
          </p>
          <p class="unseen" aria-live="polite">
            {spoken.value}
          </p>
        </>
      )}
    </div>
  )
}

function Tool(props: {
  readonly label: string
  readonly sign: string
  readonly onClick: () => void
}) {
  return (
    <button
      type="button"
      class="button button-icon"
      aria-label={props.label}
      title={props.label}
      onClick={props.onClick}
    >
      <span aria-hidden="true">{props.sign}</span>
    </button>
  )
}

interface ReadoutProps {
  readonly curve: Curve
  /** Null: no cursor; only name and unit are shown. */
  readonly atMs: number | null
  readonly isHidden: boolean
  readonly onToggle: () => void
}

/** Legend entry and value under the cursor in one; pressing it hides or shows the curve. */
function Readout({ curve, atMs, isHidden, onToggle }: ReadoutProps) {
  const words = useLocale()
  const step = atMs === null ? null : stepAt(curve, atMs)
  const flag = step === null ? undefined : curve.flags?.[step]
  const coverage = step === null ? undefined : curve.coverage?.[step]
  return (
    <button type="button" class="readout-curve" aria-pressed={!isHidden} onClick={onToggle}>
      <span class={`swatch swatch-${curve.shape} ink-${curve.ink}`} aria-hidden="true" />
      <span class="readout-name">{curve.name}</span>
      {step === null ? (
        <span class="muted">{curve.unit}</span>
      ) : (
        <>
          <strong>{`${words.number(curve.values[step] ?? null, curve.digits)} ${curve.unit}`}</strong>
          {flag !== undefined && <FlagMark flag={flag} />}
          {coverage !== undefined && (
            <span class="muted">
              {words.t('chart.coverage', { share: words.percent(coverage) })}
            </span>
          )}
        </>
      )}
    </button>
  )
}

interface StepRow {
  readonly fromMs: number
}

/** What the chart draws, row by row, newest first. */
function ChartTable({
  curves,
  caption,
}: {
  readonly curves: readonly Curve[]
  readonly caption: string
}) {
  const words = useLocale()
  const times = new Set(curves.flatMap((curve) => curve.fromMs))
  const rows = [...times].toSorted((a, b) => b - a).map((fromMs): StepRow => ({ fromMs }))
  const columns: Column<StepRow>[] = [
    {
      key: 'time',
      head: words.t('chart.time'),
      cell: ({ fromMs }) => words.dateTime(fromMs),
      sortBy: ({ fromMs }) => fromMs,
      rowHead: true,
    },
    ...curves.map((curve): Column<StepRow> => {
      const value = ({ fromMs }: StepRow): number | null => {
        const step = stepAt(curve, fromMs)
        return step === null ? null : (curve.values[step] ?? null)
      }
      return {
        key: curve.id,
        head: `${curve.name} (${curve.unit})`,
        align: 'end',
        sortBy: value,
        cell: (row) => {
          const step = stepAt(curve, row.fromMs)
          const flag = step === null ? undefined : curve.flags?.[step]
          const coverage = step === null ? undefined : curve.coverage?.[step]
          return (
            <span class="cell-value">
              {words.number(value(row), curve.digits)}
              {flag !== undefined && <FlagMark flag={flag} />}
              {coverage !== undefined && <span class="muted">{words.percent(coverage)}</span>}
            </span>
          )
        },
      }
    }),
  ]
  return (
    <Table
      caption={caption}
      columns={columns}
      rows={rows}
      rowKey={({ fromMs }) => fromMs}
      empty={words.t('chart.empty')}
      height="bounded"
    />
  )
}

function stepText(curve: Curve | undefined, atMs: number, words: Locale): string {
  const step = curve === undefined ? null : stepAt(curve, atMs)
  const fromMs = step === null ? undefined : curve?.fromMs[step]
  if (curve === undefined || fromMs === undefined) return words.dateTime(atMs)
  return `${words.dateTime(fromMs)}–${words.clock(fromMs + curve.stepMs)}`
}

function spokenAt(curves: readonly Curve[], hidden: Hidden, atMs: number, words: Locale): string {
  const values = curves.flatMap((curve) => {
    const step = stepAt(curve, atMs)
    if (step === null || hidden.has(curve.id)) return []
    const value = curve.values[step] ?? null
    const flag = curve.flags?.[step] ?? 9
    const said =
      value === null ? words.t('chart.gap') : `${words.number(value, curve.digits)} ${curve.unit}`
    return [`${curve.name} ${said}, ${words.t(`flag.${flag}`)}`]
  })
  return `${stepText(curves[0], atMs, words)}: ${values.join('; ')}`
}

function newestDrawnMs(curve: Curve): number {
  const last = curve.values.findLastIndex((value) => value !== null)
  return Math.max(curve.fromMs[last] ?? 0, curve.newest?.atMs ?? 0)
}

const INKS: readonly Ink[] = [
  'rain',
  'cumulative',
  'flow',
  'ponding-1',
  'ponding-2',
  'ponding-3',
  'ponding-4',
]

/** The colours in force at an element, so that the canvas follows the theme. */
function readColours(element: Element): ChartColours {
  const style = getComputedStyle(element)
  const colour = (name: string): string => style.getPropertyValue(`--${name}`).trim()
  const hatch = document.createElement('canvas')
  hatch.width = 8
  hatch.height = 8
  const pen = hatch.getContext('2d')
  if (pen !== null) {
    pen.strokeStyle = colour('hatch')
    pen.lineWidth = 1
    pen.beginPath()
    for (const x of [-8, 0, 8]) {
      pen.moveTo(x, 8)
      pen.lineTo(x + 8, 0)
    }
    pen.stroke()
  }
  return {
    ink: Object.fromEntries(INKS.map((ink) => [ink, colour(`ink-${ink}`)])) as Record<Ink, string>,
    text: colour('text'),
    muted: colour('muted'),
    line: colour('line'),
    faint: colour('faint'),
    surface: colour('surface'),
    accent: colour('accent'),
    suspect: colour('suspect'),
    fail: colour('fail'),
    font: style.fontFamily,
    hatch,
  }
}
