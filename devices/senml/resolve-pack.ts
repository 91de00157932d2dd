import type { Refusal } from '../../src/domain/fault.js'
import type {
  DecodeContext,
  DecodedPack,
  DecodedRecord,
  RefusedRecord,
} from '../../src/ports/device-model.js'
import { shown } from '../shown.js'
import { applyBaseFields, emptyBase, type Base } from './base-fields.js'
import { fromSenmlUnit, unitOfSum } from './senml-units.js'
import { DEFAULT_VERSION, versionFault } from './version.js'

/** A SenML record by its string labels; what they hold is not known yet. */
export type SenmlRecord = Readonly<Record<string, unknown>>

/** [RFC8428 §4.5.3] Times below this many seconds are relative to now, others since 1970. */
export const ABSOLUTE_FROM_S = 2 ** 28

/** Beyond the years an ISO date can name, ±8.64e15 ms. */
const FURTHEST_MS = 8.64e15

/** [RFC8428 §4.5.1] base name and name together. */
export const SENML_NAME = /^[A-Za-z0-9][A-Za-z0-9:./_-]*$/

/**
 * Longest name and unit, characters; ours, RFC 8428 sets no bound. A base name of 100 000 letters
 * costs its sender three bytes a record and the reader 100 000: one message would fill the memory.
 */
const NAME_CHARACTERS = 256
const UNIT_CHARACTERS = 64

/**
 * Resolves the records of a SenML pack (RFC 8428 §4.6): base fields applied, times absolute.
 * The records keep the pack's order; they are not sorted by time.
 *
 * A record that breaks a rule is refused alone, and its good base fields still apply to the
 * later ones. The whole pack is refused when nothing in it can be understood safely: another
 * version, or a field that must be understood and is not. What each field means here, and the
 * choices where the RFC leaves one, stand in README.md.
 *
 * @param items the members of the pack's array, in order
 */
export function resolvePack(
  items: readonly unknown[],
  context: DecodeContext,
): DecodedPack | Refusal {
  // [RFC8428 §11] SenML-Pack = [1* record]
  if (items.length === 0) return invalid('the pack is empty; send at least one record')
  const base = emptyBase()
  const records: DecodedRecord[] = []
  const refused: RefusedRecord[] = []
  let version: unknown = null
  let newestMs = Number.NEGATIVE_INFINITY
  let timeBase: DecodedPack['timeBase'] = 'device'

  for (const [index, item] of items.entries()) {
    if (!isRecord(item)) {
      const reason = `the record is ${shown(item)}; a record is an object with n, v and t`
      refused.push({ index, code: 'record_invalid', reason })
      continue
    }
    const content = contentOf(item)
    if (content.mustUnderstand !== null) {
      const label = shown(content.mustUnderstand)
      return invalid(
        `field ${label} must be understood (its name ends in _) and is not; send the pack without it`,
      )
    }
    const versionReason = versionFault(item['bver'], version)
    if (versionReason !== null) return invalid(versionReason)
    version = item['bver'] ?? version ?? DEFAULT_VERSION
    const baseReason = applyBaseFields(base, item)

    if (content.kind !== 'measurement') {
      const reason =
        content.kind === 'nothing' ? 'the record has none of SenML’s fields' : baseReason
      if (reason !== null) refused.push({ index, code: 'record_invalid', reason })
      continue
    }
    const time = timeOf(item, base, context)
    if ('code' in time) {
      refused.push({ index, ...time })
      continue
    }
    if (!time.isRelative && time.atMs > newestMs) newestMs = time.atMs
    const record = resolveRecord(item, base, time.atMs)
    if ('code' in record) {
      refused.push({ index, ...record })
      continue
    }
    if (time.isRelative) timeBase = 'arrival'
    records.push(record)
  }
  if (records.length + refused.length === 0) {
    return invalid('the pack holds base fields only; send a record with n, v and t')
  }
  const isStamped = context.clock === 'own' && newestMs > Number.NEGATIVE_INFINITY
  return { rank: isStamped ? newestMs : null, timeBase, records, refused }
}

function isRecord(item: unknown): item is SenmlRecord {
  return typeof item === 'object' && item !== null && !Array.isArray(item)
}

interface Content {
  /** `base`: base fields only, which is no measurement (RFC 8428 §5.1.7). */
  readonly kind: 'measurement' | 'base' | 'nothing'
  /** [RFC8428 §4.4] A field that may not be ignored. */
  readonly mustUnderstand: string | null
}

const MEASUREMENT: Content = { kind: 'measurement', mustUnderstand: null }
const BASE_ONLY: Content = { kind: 'base', mustUnderstand: null }
const NOTHING: Content = { kind: 'nothing', mustUnderstand: null }

function contentOf(record: SenmlRecord): Content {
  let content = NOTHING
  for (const label of Object.keys(record)) {
    switch (label) {
      case 'n':
      case 'u':
      case 'v':
      case 'vs':
      case 'vb':
      case 'vd':
      case 's':
      case 't':
      case 'ut': {
        content = MEASUREMENT
        break
      }
      case 'bn':
      case 'bt':
      case 'bu':
      case 'bv':
      case 'bs':
      case 'bver': {
        if (content === NOTHING) content = BASE_ONLY
        break
      }
      default: {
        if (label.endsWith('_')) return { kind: 'nothing', mustUnderstand: label }
      }
    }
  }
  return content
}

interface ResolvedTime {
  readonly atMs: number
  readonly isRelative: boolean
}

/** [RFC8428 §4.5.3] base time + time, in seconds; whole milliseconds inside, rounded half up. */
function timeOf(record: SenmlRecord, base: Base, context: DecodeContext): ResolvedTime | Refusal {
  const spoilt = base.spoilt.get('bt')
  if (spoilt !== undefined) return broken(spoilt)
  const t = record['t'] ?? 0
  if (typeof t !== 'number') return broken(`t is ${shown(t)}; a time is a number of seconds`)
  const atS = base.timeS + t
  const isRelative = Math.abs(atS) < ABSOLUTE_FROM_S
  if (isRelative && context.clock === 'own') {
    return {
      code: 'time_relative',
      reason: `the time is ${relative(record, atS)}, but the device is declared to have a clock; send t (or bt) in seconds since 1970, or declare clock: none`,
    }
  }
  const atMs = isRelative ? context.arrivalMs + Math.round(atS * 1000) : Math.round(atS * 1000)
  if (!(Math.abs(atMs) <= FURTHEST_MS)) {
    return broken(`the time is ${shown(atS)} s; send seconds since 1970`)
  }
  return { atMs, isRelative }
}

function relative(record: SenmlRecord, atS: number): string {
  return record['t'] === undefined && atS === 0 ? 'absent' : `${atS} s, relative to now`
}

function resolveRecord(record: SenmlRecord, base: Base, atMs: number): DecodedRecord | Refusal {
  const spoiltName = base.spoilt.get('bn')
  if (spoiltName !== undefined) return broken(spoiltName)
  const n = record['n'] ?? ''
  if (typeof n !== 'string') return broken(`n is ${shown(n)}; a name is text`)
  const nameCharacters = base.name.length + n.length
  if (nameCharacters > NAME_CHARACTERS) {
    return broken(`the name has ${nameCharacters} characters; send at most ${NAME_CHARACTERS}`)
  }
  const name = base.name + n
  if (!SENML_NAME.test(name)) {
    return broken(
      name === ''
        ? 'the record has no name; give n or bn'
        : `the name ${shown(name)} is not one of letters, digits and - : . / _ that starts with a letter or digit`,
    )
  }
  const measured = valueOf(record, base)
  if ('code' in measured) return measured

  const u = record['u'] ?? base.unit
  if (u !== null && typeof u !== 'string') return broken(`u is ${shown(u)}; a unit is text`)
  const spoiltUnit = base.spoilt.get('bu')
  if (spoiltUnit !== undefined && typeof record['u'] !== 'string') return broken(spoiltUnit)
  if (u !== null && u.length > UNIT_CHARACTERS) {
    return broken(`the unit has ${u.length} characters; send at most ${UNIT_CHARACTERS}`)
  }
  const senmlUnit = u === null ? null : fromSenmlUnit(u)
  const unit = measured.isSum && senmlUnit !== null ? unitOfSum(senmlUnit) : senmlUnit
  return { name, unit, value: measured.value, atMs, fromMs: null }
}

interface Measured {
  readonly value: number | null
  readonly isSum: boolean
}

/** [RFC8428 §4.2, §4.5.4] Exactly one value field, or a sum; base value and base sum are added. */
function valueOf(record: SenmlRecord, base: Base): Measured | Refusal {
  const { v, s } = record
  const text = textField(record)
  if (text !== null) {
    const { label, value } = text
    if (v !== undefined && v !== null) return broken(`both v and ${label} are given; keep one`)
    return {
      code: 'value_not_numeric',
      reason: `${label} is ${shown(value)}; only v, a number, can be stored`,
    }
  }
  if (v === null) return { value: null, isSum: false }
  if (v !== undefined) return added('v', v, 'bv', base.value, base)
  if (s !== undefined && s !== null) return added('s', s, 'bs', base.sum, base)
  const spoilt = base.spoilt.get('bv') ?? base.spoilt.get('bs')
  if (spoilt !== undefined) return broken(spoilt)
  if (base.value !== null) return { value: base.value, isSum: false }
  if (base.sum !== null) return { value: base.sum, isSum: true }
  return broken('the record has no value; give v, or "v": null when the value is missing')
}

function textField(
  record: SenmlRecord,
): { readonly label: string; readonly value: unknown } | null {
  const { vs, vb, vd } = record
  if (vs !== undefined && vs !== null) return { label: 'vs', value: vs }
  if (vb !== undefined && vb !== null) return { label: 'vb', value: vb }
  if (vd !== undefined && vd !== null) return { label: 'vd', value: vd }
  return null
}

function added(
  label: 'v' | 's',
  given: unknown,
  baseLabel: 'bv' | 'bs',
  baseNumber: number | null,
  base: Base,
): Measured | Refusal {
  if (typeof given !== 'number') {
    return {
      code: 'value_not_numeric',
      reason: `${label} is ${shown(given)}; write a number, without quotes`,
    }
  }
  const spoilt = base.spoilt.get(baseLabel)
  if (spoilt !== undefined) return broken(spoilt)
  // Adding 0 also turns -0 into 0.
  const value = (baseNumber ?? 0) + given
  if (!Number.isFinite(value)) {
    return {
      code: 'value_not_finite',
      reason: `${label} is ${shown(value)}; send a finite number, or "v": null when it is missing`,
    }
  }
  return { value, isSum: label === 's' }
}

function broken(reason: string): Refusal {
  return { code: 'record_invalid', reason }
}

function invalid(reason: string): Refusal {
  return { code: 'payload_invalid', reason }
}
