import { z } from 'zod'
import { text } from '../indicators/indicator.js'
import {
  SHORELINE_RULE,
  shorelineRatio,
  type ShorelineRatio,
  type ShorelineSegment,
} from '../land/shoreline-ratio.js'
import { figureFormula, type FigureFormula } from './figure-formula.js'
import {
  judgedPart,
  judgedWhole,
  standingOf,
  type Clause,
  type JudgedPart,
} from './judged-parts.js'

const id = z.string().trim().min(1)
const areaM2 = z.number().nonnegative().nullable().default(null)
const told = z.boolean().nullable().default(null)
const target = z.number().min(0).max(1).nullable().default(null)

const bank = z.strictObject({
  waterBody: id,
  bank: z.enum(['left', 'right', 'whole']),
  lengthM: z.number().nonnegative(),
  use: z.enum(['ordinary', 'production', 'flood-defence', 'water-lane', 'historic-garden']),
  structure: z.enum(['ecological', 'hard']).nullable().default(null),
  waterfront: z.enum(['natural', 'built']).nullable().default(null),
})

const SHORELINE_WORDS = {
  zh: 'R = 生态岸线长度/(总长 − 生产性岸线 production − 必要的防洪岸线 flood-defence)，两岸均计；驳岸生态（structure）且滨水绿地自然（waterfront）为生态岸线，未调查的按硬质与生态各算一次',
  en: 'R = ecological length/(all length − production banks − necessary flood-defence banks), both banks counted; ecological where the structure is and the waterfront is natural; what was not surveyed is taken once as hard and once as ecological',
}

/** What is computed from surveyed banks: their ecological share, and the natural pattern around it. */
export const SHORELINE_FORMULAS: readonly FigureFormula[] = [
  figureFormula({
    id: 'shoreline-ratio',
    unit: '1',
    inputs: z.strictObject({
      banks: z.array(bank).min(1),
      target,
      blueLineKept: told.meta({ description: 'blue-line control is met' }),
      floodSafetyKept: told.meta({ description: 'flood safety has not suffered' }),
    }),
    words: text(
      `${SHORELINE_WORDS.zh}；R 不低于地方目标 target，且蓝线管控（blueLineKept）、防洪安全（floodSafetyKept）均满足为达标（635 附件指标 2，据转录文本 S2；扣除规则据 GB/T 51345-2018 第 5 项，未核实 (unverified)）`,
      `${SHORELINE_WORDS.en}; PASS from the local target upwards, with blue-line control met and flood safety kept (635 annex, indicator 2, as read in a transcript, S2; what is left out by GB/T 51345-2018, item 5 (unverified))`,
    ),
    compute: ({ banks, target: asked, blueLineKept, floodSafetyKept }) => {
      const found = shorelineRatio(banks, { ...SHORELINE_RULE, minRatio: asked ?? 0 })
      const meets = asked === null ? null : found.meetsMin
      const parts = [
        shorelinePart(found, meets, asked === null ? 'no_target' : found.reason, 'must'),
        toldPart('blue-line', text('蓝线管控', 'blue line'), blueLineKept),
        toldPart('flood-safety', text('防洪安全', 'flood safety'), floodSafetyKept),
      ]
      return {
        ...judgedWhole([{ id: '', weight: 1, parts }]),
        ...{ value: found.ratio, unverified: found.unverified },
        steps: { ...found, target: asked, blueLineKept, floodSafetyKept },
      }
    },
  }),
  figureFormula({
    id: 'natural-pattern',
    unit: '1',
    inputs: z.strictObject({
      waterBeforeM2: areaM2.meta({ description: 'natural water area before development' }),
      waterNowM2: areaM2,
      occupiedM2: areaM2.meta({
        description: 'flood paths, floodplains, wetlands, woods, grassland built over',
      }),
      linesKept: told.meta({ description: 'blue and green lines are kept' }),
      banks: z.array(bank).nullable().default(null).meta({
        description: 'of new, rebuilt and extended water bodies; [] for none',
      }),
    }),
    words: text(
      `① 天然水域面积 waterNowM2 不宜小于 waterBeforeM2；② 未侵占行洪通道、洪泛区、湿地、林地、草地（occupiedM2 = 0）或蓝绿线管控满足（linesKept）；③ 新改扩建水体生态性岸线率不宜小于 70 %：${SHORELINE_WORDS.zh}。value 为 R（GB/T 51345-2018 第 5 项，未核实 (unverified)）`,
      `(1) natural water area waterNowM2 preferably (不宜) not below waterBeforeM2; (2) no flood path, floodplain, wetland, wood or grassland occupied (occupiedM2 = 0), or blue and green lines kept; (3) ecological shoreline of new, rebuilt and extended bodies preferably (不宜) at least 70 %: ${SHORELINE_WORDS.en}. value: R (GB/T 51345-2018, item 5 (unverified))`,
    ),
    compute: ({ waterBeforeM2, waterNowM2, occupiedM2, linesKept, banks }) => {
      const shoreline = banks === null ? null : shorelineRatio(banks)
      const isKept =
        waterBeforeM2 === null || waterNowM2 === null ? null : waterNowM2 >= waterBeforeM2
      const isFree = occupiedM2 === null ? null : occupiedM2 === 0
      const isOneOpen = isFree === null || linesKept === null
      const pattern = isFree === true || linesKept === true || (isOneOpen ? null : false)
      const parts = [
        toldPart('water-area', text('天然水域面积', 'natural water area'), isKept, 'preferably'),
        toldPart('pattern', text('自然生态格局', 'natural pattern'), pattern),
        shorelineOf(banks, shoreline),
      ]
      return {
        ...judgedWhole([{ id: '', weight: 1, parts }]),
        ...{ value: shoreline?.ratio ?? null, unverified: true },
        steps: { parts, shoreline, minRatio: SHORELINE_RULE.minRatio },
      }
    },
  }),
]

const SHORELINE = text('生态岸线率', 'ecological shoreline')

function shorelinePart(
  { ratio, least, most, reason, oneBanked }: ShorelineRatio,
  meets: boolean | null,
  why: string | null,
  clause: Clause,
): JudgedPart {
  const figure = ratio === null ? `${least ?? ''} to ${most ?? ''}` : String(ratio)
  const bodies = reason === 'bank_missing' ? `: ${oneBanked.join(', ')}` : ''
  const said = meets === null ? `${why ?? ''}${bodies}` : figure
  return judgedPart('shoreline', SHORELINE, [{ standing: standingOf(meets), why: said }], clause)
}

function shorelineOf(
  banks: readonly ShorelineSegment[] | null,
  found: ShorelineRatio | null,
): JudgedPart {
  if (banks === null || found === null) {
    return judgedPart('shoreline', SHORELINE, [{ standing: 'open', why: 'banks are not given' }])
  }
  if (banks.length > 0) return shorelinePart(found, found.meetsMin, found.reason, 'preferably')
  const none = 'no new, rebuilt or extended water body'
  return judgedPart('shoreline', SHORELINE, [{ standing: 'not-asked', why: none }])
}

function toldPart(
  part: string,
  name: JudgedPart['name'],
  meets: boolean | null,
  clause: Clause = 'must',
): JudgedPart {
  const why = meets === null ? 'not given' : null
  return judgedPart(part, name, [{ standing: standingOf(meets), why }], clause)
}
