import { z } from 'zod'
import { LAB_PARAMETERS, labParameter } from '../laboratory/lab-parameters.js'
import { labValue, type LabResult } from '../laboratory/lab-result.js'
import { WITHOUT_LIMIT, type WrittenSample } from './lab-samples.js'

/** What a survey writes in the place of its samples to have those that laboratories' files brought. */
export const IMPORTED_SAMPLES = 'imported'

/** Sections of a survey that has not been checked yet. */
const surveySections = z.object({
  samples: z.literal(IMPORTED_SAMPLES),
  bodies: z.array(
    z.object({
      points: z.array(z.object({ section: z.string() })),
      inflow: z.object({ upstream: z.string(), downstream: z.string() }).nullish().catch(null),
    }),
  ),
})

/** Whether the figures of a statement want samples of laboratories' files. */
export function wantsImportedSamples(figures: unknown): boolean {
  return surveySections.pick({ samples: true }).safeParse(figures).success
}

/**
 * The same figures with the samples of their sections in place of the word `imported`; figures that do not
 * ask for them, or whose bodies cannot be read, as they are.
 *
 * @param results the ones that count, by section, time, sample and parameter
 * @param dayOf local date of an instant, YYYY-MM-DD
 */
export function withImportedSamples(
  figures: Readonly<Record<string, unknown>>,
  results: readonly LabResult[],
  dayOf: (atMs: number) => string,
): Readonly<Record<string, unknown>> {
  const read = surveySections.safeParse(figures)
  if (!read.success) return figures
  const sections = new Set(
    read.data.bodies.flatMap(({ points, inflow }) => [
      ...points.map(({ section }) => section),
      ...(inflow ? [inflow.upstream, inflow.downstream] : []),
    ]),
  )
  const ofSurvey = results.filter(({ section }) => sections.has(section))
  return { ...figures, samples: samplesOf(ofSurvey, dayOf) }
}

/**
 * Samples with their values together: one for each sample, section, day, laboratory and accreditation, for
 * results that one laboratory is accredited for and another is not weigh differently.
 */
function samplesOf(
  results: readonly LabResult[],
  dayOf: (atMs: number) => string,
): readonly WrittenSample[] {
  const groups = new Map<string, LabResult[]>()
  for (const result of results) {
    const { sample, section, sampledMs, laboratory, cma } = result
    const key = JSON.stringify([sample, section, dayOf(sampledMs), laboratory, cma])
    const known = groups.get(key)
    if (known === undefined) groups.set(key, [result])
    else known.push(result)
  }
  const names = new Map<string, number>()
  for (const [{ sample } = NOBODY] of groups.values()) {
    names.set(sample, (names.get(sample) ?? 0) + 1)
  }
  return [...groups.values()].flatMap((group): WrittenSample[] => {
    const [first] = group
    const values = group.flatMap(writtenValue)
    if (first === undefined || values.length === 0) return []
    const { sample, section, laboratory, cma } = first
    const day = dayOf(first.sampledMs)
    const isAlone = names.get(sample) === 1
    return [
      {
        id: isAlone ? sample : [sample, section, day, laboratory, cma ?? '-'].join(' '),
        ...{ section, day, laboratory, cmaNumber: cma },
        weather: group.find(({ weather }) => weather !== null)?.weather ?? null,
        values,
      },
    ]
  })
}

const NOBODY = { sample: '' }

function writtenValue(result: LabResult): WrittenSample['values'] {
  const item = labParameter(result.parameter)
  const found = labValue(result)
  if (item === null || found === null) return []
  const { unit } = LAB_PARAMETERS[item]
  if (WITHOUT_LIMIT.has(item)) return found.belowLimit ? [] : [{ item, value: found.value, unit }]
  const limit = labValue({ ...result, value: null })?.value ?? null
  return [{ item, value: found.belowLimit ? 'below' : found.value, unit, detectionLimit: limit }]
}
