import { useMemo } from 'preact/hooks'
import type { Hydrograph, Hyetograph, Latest } from '../api/contract.js'
import { useLocale, type Locale } from '../i18n/locale.js'
import { Card } from '../parts/card.js'
import { faultText } from '../parts/answer.js'
import { TimeChart } from '../parts/time-chart.js'
import {
  running,
  type Curve,
  type Ink,
  type NewestValue,
  type Panel,
} from '../parts/time-chart-model.js'
import type { Theme } from '../state/settings.js'
import type { PondingCurve, Storm } from '../state/storm.js'

const PONDING_INKS: readonly Ink[] = ['ponding-1', 'ponding-2', 'ponding-3', 'ponding-4']
const MM_PER_CM = 10

const NO_STEPS = { stepMs: 60_000, fromMs: [], coverage: [], worstFlag: [] }
const NO_RAIN: Hyetograph = { gauge: '', unit: 'mm', depthMm: [], ...NO_STEPS }
const NO_FLOW: Hydrograph = { sensor: '', unit: 'm3/s', mean: [], max: [], ...NO_STEPS }

/** The storm in one picture: rain hanging from the top, flow rising from below, ponding under both. */
export function StormChart({ storm, theme }: { readonly storm: Storm; readonly theme: Theme }) {
  const words = useLocale()
  const rain = storm.rain.state.value
  const flow = storm.flow.state.value
  const ponding = storm.ponding.state.value
  const latest = storm.latest.value
  const span = storm.span.value
  const flowSensor = storm.flowSensor.value
  const gauge = storm.gaugeId.value
  const outfall = storm.outfall.value

  // An answer for what was chosen before is not shown under the new name; its panel stays, empty.
  const shownRain = rain.data === null || rain.data.gauge === gauge ? rain.data : NO_RAIN
  const shownFlow = flowSensor === null || flow.data?.sensor === flowSensor ? flow.data : NO_FLOW

  const limitMm = storm.pondingResults.state.value.data?.[0]?.result.parameters['depthLimitMm']
  const limitCm = typeof limitMm === 'number' ? limitMm / MM_PER_CM : null
  const newestFlow = flowSensor === null ? undefined : latest.get(flowSensor)
  const newestPonding = storm.city.pondingPoints.map(({ sensor }) => latest.get(sensor))
  const panels = useMemo((): Panel[] => {
    const stack: Panel[] = []
    if (shownRain !== null) stack.push(rainPanel(shownRain, words))
    if (shownFlow !== null && flowSensor !== null) {
      const name = outfall === null ? '' : words.text(outfall.name)
      stack.push(flowPanel(shownFlow, newestFlow, name, words))
    }
    if (ponding.data !== null && ponding.data.length > 0) {
      stack.push(pondingPanel(ponding.data, newestPonding, limitCm, words))
    }
    return stack
  }, [shownRain, shownFlow, ponding.data, newestFlow, ...newestPonding, limitCm, words])

  const stepMs = storm.stepMs.value
  const isLoading = [rain, flow, ponding].some(
    (part) => part.status === 'loading' && part.data === null,
  )
  const fault = [rain, flow, ponding].find((part) => part.status === 'error')
  const hasValues = panels.some((panel) =>
    panel.curves.some((curve) => curve.values.some((value) => value !== null)),
  )

  return (
    <Card
      id="chart"
      title={words.t('chart.title')}
      aside={
        <>
          <span class="muted">
            {words.t('window.shown', {
              from: words.dateTime(span.fromMs),
              to: words.dateTime(span.toMs),
            })}
          </span>
          <span class="muted">{words.t('chart.step', { step: words.duration(stepMs) })}</span>
        </>
      }
    >
      {fault?.status === 'error' && (
        <div class="notice notice-fail" role="alert">
          <p>
            {words.t(panels.length === 0 ? 'state.error' : 'state.errorKept', {
              reason: faultText(fault.error, words),
            })}
          </p>
          <button
            type="button"
            class="button"
            onClick={() => {
              storm.rain.refresh()
              storm.flow.refresh()
              storm.ponding.refresh()
            }}
          >
            {words.t('state.retry')}
          </button>
        </div>
      )}
      {flowSensor === null && outfall !== null && (
        <p class="notice">{words.t('chart.unmetered', { outfall: words.text(outfall.name) })}</p>
      )}
      {gauge === null && <p class="notice">{words.t('chart.noGauge')}</p>}
      {isLoading ? (
        <div class="skeleton skeleton-chart" role="status">
          <span class="unseen">{words.t('state.loading')}</span>
        </div>
      ) : hasValues ? (
        <TimeChart
          id="storm"
          panels={panels}
          span={span}
          theme={theme}
          description={describe(storm, panels, stepMs, words)}
          tableCaption={words.t('chart.tableCaption')}
          hiddenAtFirst={['cumulative']}
          onLookCloser={({ fromMs, toMs }) => {
            storm.chosen.value = { kind: 'between', fromMs, toMs }
          }}
        />
      ) : (
        panels.length > 0 && (
          <div class="empty empty-chart">
            <p>{words.t('chart.empty')}</p>
            <p class="muted">{words.t('chart.emptyHint')}</p>
          </div>
        )
      )}
      <ChartFoot storm={storm} />
    </Card>
  )
}

/** What the marks mean, and where the same observations are as a file. */
function ChartFoot({ storm }: { readonly storm: Storm }) {
  const words = useLocale()
  const sensors = [
    storm.gaugeId.value,
    storm.flowSensor.value,
    ...storm.city.pondingPoints.map(({ sensor }) => sensor),
  ].filter((id) => id !== null)
  return (
    <div class="chart-foot">
      <ul class="marks">
        <li>
          <span class="key key-suspect" aria-hidden="true" />
          {words.t('chart.suspect')}
        </li>
        <li>
          <span class="key key-fail" aria-hidden="true" />
          {words.t('chart.fail')}
        </li>
        <li>
          <span class="key key-gap" aria-hidden="true" />
          {words.t('chart.gap')}
        </li>
        <li>
          <span class="key key-newest" aria-hidden="true" />
          {words.t('chart.live')}
        </li>
      </ul>
      <p class="csv">
        {words.t('chart.csv')}:{' '}
        {sensors.map((id) => (
          <a key={id} href={storm.csvUrl(id)} download={`${id}.csv`}>
            {id}
          </a>
        ))}
      </p>
    </div>
  )
}

function rainPanel(rain: Hyetograph, words: Locale): Panel {
  const steps = { stepMs: rain.stepMs, fromMs: rain.fromMs, unit: rain.unit, digits: 2 }
  const name = words.t('chart.rainStep', { step: words.duration(rain.stepMs) })
  return {
    id: 'rain',
    title: words.t('chart.rain'),
    unit: rain.unit,
    grows: 'down',
    weight: 3,
    atLeast: 1,
    curves: [
      {
        ...steps,
        id: 'rain',
        name,
        shape: 'bars',
        ink: 'rain',
        values: rain.depthMm,
        flags: rain.worstFlag,
        coverage: rain.coverage,
      },
      {
        ...steps,
        id: 'cumulative',
        name: words.t('chart.cumulative'),
        shape: 'line',
        ink: 'cumulative',
        values: running(rain.depthMm),
        axis: 'own',
      },
    ],
  }
}

function flowPanel(
  flow: Hydrograph,
  newest: Latest | undefined,
  outfall: string,
  words: Locale,
): Panel {
  const unit = words.unit(flow.unit)
  return {
    id: 'flow',
    title: words.t('chart.flow'),
    unit,
    grows: 'up',
    weight: 5,
    atLeast: 0.05,
    curves: [
      {
        id: 'flow',
        name: `${words.t('chart.flow')} · ${outfall}`,
        shape: 'line',
        ink: 'flow',
        unit,
        digits: 3,
        stepMs: flow.stepMs,
        fromMs: flow.fromMs,
        values: flow.mean,
        flags: flow.worstFlag,
        coverage: flow.coverage,
        newest: newestOf(newest, 1),
      },
    ],
  }
}

/** The deepest water of each step, in cm as the rule is. */
function pondingPanel(
  points: readonly PondingCurve[],
  newest: readonly (Latest | undefined)[],
  limitCm: number | null,
  words: Locale,
): Panel {
  return {
    id: 'ponding',
    title: words.t('chart.ponding'),
    unit: 'cm',
    grows: 'up',
    weight: 2.6,
    atLeast: (limitCm ?? 5) * 1.1,
    ...(limitCm === null
      ? {}
      : {
          limit: {
            value: limitCm,
            label: words.t('chart.pondingLimit', { n: words.number(limitCm) }),
          },
        }),
    curves: points.map(({ point, curve }, i): Curve => ({
      id: point.sensor,
      name: words.text(point.name),
      shape: 'line',
      ink: PONDING_INKS[i % PONDING_INKS.length] ?? 'ponding-1',
      unit: 'cm',
      digits: 1,
      stepMs: curve.stepMs,
      fromMs: curve.fromMs,
      values: curve.max.map((mm) => (mm === null ? null : mm / MM_PER_CM)),
      flags: curve.worstFlag,
      coverage: curve.coverage,
      newest: newestOf(newest[i], 1 / MM_PER_CM),
    })),
  }
}

function newestOf(latest: Latest | undefined, factor: number): NewestValue | null {
  if (latest === undefined || latest.value === null) return null
  return { atMs: latest.atMs, value: latest.value * factor, flag: latest.flag }
}

function describe(storm: Storm, panels: readonly Panel[], stepMs: number, words: Locale): string {
  const curves = panels.flatMap((panel) => panel.curves).filter((curve) => curve.axis !== 'own')
  const parts = curves.map((curve) => {
    const values = curve.values.filter((value) => value !== null)
    const said = (value: number | undefined): string =>
      value === undefined ? '—' : `${words.number(value, curve.digits)} ${curve.unit}`
    const flagged = (flag: number): number =>
      curve.flags?.filter((candidate) => candidate === flag).length ?? 0
    const text = words.t('chart.describeSeries', {
      name: curve.name,
      n: values.length,
      gaps: curve.values.length - values.length,
      max: said(values.length === 0 ? undefined : Math.max(...values)),
      last: said(values.at(-1)),
    })
    if (flagged(3) + flagged(4) === 0) return text
    const flags = { name: curve.name, suspect: flagged(3), fail: flagged(4) }
    return text + words.t('chart.describeFlags', flags)
  })
  const { fromMs, toMs } = storm.span.value
  return words.t('chart.describe', {
    from: words.dateTime(fromMs),
    to: words.dateTime(toMs),
    zone: words.zone,
    step: words.duration(stepMs),
    parts: parts.join(''),
  })
}
