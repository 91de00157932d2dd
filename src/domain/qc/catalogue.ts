import { FLAG } from '../flag.js'
import { attenuatedSignal, attenuatedSignalContext } from './attenuated-signal.js'
import { climatology } from './climatology.js'
import { flatLine, flatLineContext } from './flat-line.js'
import { grossRange } from './gross-range.js'
import { location, LOCATION_CONTEXT } from './location.js'
import { neighbour, neighbourContext } from './neighbour.js'
import { NO_CONTEXT, type Context, type QualityRecord } from './quality-record.js'
import type { QualitySettings } from './quality-settings.js'
import { rateOfChange, RATE_OF_CHANGE_CONTEXT } from './rate-of-change.js'
import { spike, SPIKE_CONTEXT } from './spike.js'
import { timeGap, TIME_GAP_CONTEXT } from './time-gap.js'

interface NamedTest {
  readonly id: string
  /** Where its settings stand in QualitySettings. */
  readonly setting: keyof QualitySettings
  /** Bit in `tests` of an observation, 0 to 15. Stored: a bit is never given to another test. */
  readonly bit: number
  readonly title: { readonly zh: string; readonly en: string }
}

/** A test that looks at one value at a time and needs nothing but the value. */
export interface ValueTest extends NamedTest {
  /** Flag 2 or 9 where it has nothing to say. */
  readonly run: (values: Float64Array, settings: QualitySettings) => Uint8Array
}

/** A test over the record of one sensor. */
export interface RecordTest extends NamedTest {
  /** What around a value decides its flag; null where the test is not set. */
  readonly context: (settings: QualitySettings) => Context | null
  /** Flag 2 or 9 where it has nothing to say. */
  readonly run: (record: QualityRecord, settings: QualitySettings) => Uint8Array
}

/** Run on every batch as it comes in, and on records. */
export const VALUE_TESTS: readonly ValueTest[] = [
  {
    id: 'gross-range',
    setting: 'grossRange',
    bit: 0,
    title: { zh: '量程检查', en: 'Gross range' },
    run: (values, settings) => grossRange(values, settings.grossRange ?? {}),
  },
]

/**
 * Run on whole records only. In the stream each needs the stored rows that its context names, and
 * rows already stored judged again when a late one comes between.
 */
export const RECORD_TESTS: readonly RecordTest[] = [
  {
    id: 'climatology',
    setting: 'climatology',
    bit: 1,
    title: { zh: '气候值检查', en: 'Climatology' },
    context: (settings) => (settings.climatology === undefined ? null : NO_CONTEXT),
    run: (record, settings) => climatology(record, settings.climatology ?? []),
  },
  {
    id: 'spike',
    setting: 'spike',
    bit: 2,
    title: { zh: '尖峰检查', en: 'Spike' },
    context: (settings) => (settings.spike === undefined ? null : SPIKE_CONTEXT),
    run: (record, { spike: set }) =>
      set === undefined ? unevaluated(record) : spike(record.values, set),
  },
  {
    id: 'rate-of-change',
    setting: 'rateOfChange',
    bit: 3,
    title: { zh: '变化率检查', en: 'Rate of change' },
    context: (settings) => (settings.rateOfChange === undefined ? null : RATE_OF_CHANGE_CONTEXT),
    run: (record, { rateOfChange: set }) =>
      set === undefined ? unevaluated(record) : rateOfChange(record, set),
  },
  {
    id: 'flat-line',
    setting: 'flatLine',
    bit: 4,
    title: { zh: '僵值检查', en: 'Flat line' },
    context: ({ flatLine: set }) => (set === undefined ? null : flatLineContext(set)),
    run: (record, { flatLine: set }) =>
      set === undefined ? unevaluated(record) : flatLine(record, set),
  },
  {
    id: 'attenuated-signal',
    setting: 'attenuatedSignal',
    bit: 5,
    title: { zh: '信号衰减检查', en: 'Attenuated signal' },
    context: ({ attenuatedSignal: set }) =>
      set === undefined ? null : attenuatedSignalContext(set),
    run: (record, { attenuatedSignal: set }) =>
      set === undefined ? unevaluated(record) : attenuatedSignal(record, set),
  },
  {
    id: 'time-gap',
    setting: 'timeGap',
    bit: 6,
    title: { zh: '时间间断检查', en: 'Time gap' },
    context: (settings) => (settings.timeGap === undefined ? null : TIME_GAP_CONTEXT),
    run: (record, { timeGap: set }) =>
      set === undefined ? unevaluated(record) : timeGap(record, set),
  },
  {
    id: 'location',
    setting: 'location',
    bit: 7,
    title: { zh: '位置检查', en: 'Location' },
    context: (settings) => (settings.location === undefined ? null : LOCATION_CONTEXT),
    run: (record, { location: set }) =>
      set === undefined || record.positions === undefined
        ? unevaluated(record)
        : location(record.positions, set),
  },
  {
    id: 'neighbour',
    setting: 'neighbour',
    bit: 8,
    title: { zh: '邻站检查', en: 'Neighbour' },
    context: ({ neighbour: set }) => (set === undefined ? null : neighbourContext(set)),
    run: (record, { neighbour: set }) =>
      set === undefined || record.neighbours === undefined
        ? unevaluated(record)
        : neighbour(record, set),
  },
]

/** Every quality test, in the order they run. To add one: its file, its unit test, one entry above. */
export const QUALITY_TESTS: readonly NamedTest[] = [...VALUE_TESTS, ...RECORD_TESTS]

function unevaluated({ values }: QualityRecord): Uint8Array {
  return Uint8Array.from(values, (value) =>
    Number.isNaN(value) ? FLAG.missing : FLAG.notEvaluated,
  )
}
