import { z } from 'zod'
import { neighbourShape, off, recordTestShape } from '../qc/written-settings.js'
import { QUANTITY_NAMES } from '../quantity.js'

/**
 * The city registry: what stands where, who measures what, and how sure that is. One YAML file,
 * validated whole; assessments cite its content hash. Credentials are never in it.
 *
 * This file says what each part looks like; references between parts are checked in
 * cross-references.ts.
 */

const id = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
    'an id has 1 to 64 letters, digits, dots, underscores or hyphens and starts with a letter or digit',
  )

const instant = z.iso
  .datetime({
    offset: true,
    error: 'a time as ISO 8601 with offset, e.g. 2026-01-31T08:00:00+08:00',
  })
  .meta({ description: 'ISO 8601 instant with offset' })

const name = z.strictObject({ zh: z.string().min(1), en: z.string().min(1) })

/** Where a fact comes from; `unverified` travels with every result that used it. */
const provenance = z.strictObject({
  document: z.string().min(1),
  edition: z.string().optional(),
  clause: z.string().optional(),
  date: z.iso.date().optional(),
  unverified: z.boolean().default(false),
})

const position = z.strictObject({
  lon: z.number().min(-180).max(180),
  lat: z.number().min(-90).max(90),
  reference: z
    .enum(['CGCS2000', 'WGS84', 'GCJ-02'])
    .optional()
    .meta({ description: 'coordinate reference; the city’s unless given' }),
})

const outline = z
  .array(z.tuple([z.number().min(-180).max(180), z.number().min(-90).max(90)]))
  .min(3)
  .meta({ description: 'corners as [lon, lat] in the city’s coordinate reference' })

const area = z.strictObject({ m2: z.number().positive(), provenance })

const period = { from: instant, to: instant.optional() }

const stormFormula = z.strictObject({
  form: z
    .literal('general')
    .meta({ description: 'q = A(1 + C lgP)/(t + b)^n, L/(s·hm²), t in min' }),
  A: z.number().positive(),
  C: z.number(),
  b: z.number(),
  n: z.number().positive(),
  validFrom: z.iso.date(),
  validTo: z.iso.date().optional(),
  provenance,
})

const drainageZone = z.strictObject({
  id,
  name,
  system: z.enum(['separate', 'combined']),
  outline: outline.optional(),
  captureRatioTarget: z.strictObject({ ratio: z.number().gt(0).lte(1), provenance }).optional(),
  designRainfall: z.strictObject({ depthMm: z.number().positive(), provenance }).optional().meta({
    description:
      'daily depth of the target on the local curve (设计降雨量): less is not discharged',
  }),
})

const project = z.strictObject({
  id,
  name,
  zone: id,
  kind: z.enum(['new', 'retrofit']),
  type: z.enum(['building-plot', 'road', 'square', 'park', 'water', 'pipe-network', 'other']),
  status: z.enum(['planned', 'under-construction', 'accepted']),
  acceptedOn: z.iso.date().optional(),
})

const underlyingSurface = z.strictObject({
  kind: z.enum([
    'roof',
    'green-roof',
    'road',
    'paving',
    'pervious-paving',
    'green',
    'water',
    'bare',
    'other',
  ]),
  areaM2: z.number().positive(),
  runoffCoefficient: z
    .strictObject({ value: z.number().min(0).max(1), provenance })
    .optional()
    .meta({ description: 'volumetric runoff coefficient' }),
})

const catchment = z.strictObject({
  id,
  name,
  zone: id,
  project: id.optional(),
  area,
  surfaces: z.array(underlyingSurface).default([]),
  gauges: z
    .array(z.strictObject({ sensor: id, weight: z.number().positive() }))
    .min(1)
    .meta({ description: 'rain gauges and their weights for areal rain (e.g. Thiessen areas)' }),
  outline: outline.optional(),
})

const facility = z.strictObject({
  id,
  name,
  project: id,
  catchment: id.optional(),
  kind: z.enum([
    'bioretention',
    'permeable-pavement',
    'green-roof',
    'sunken-green',
    'infiltration-trench',
    'swale',
    'tank',
    'pond',
    'wetland',
    'other',
  ]),
  storageM3: z.number().nonnegative().optional(),
  infiltrationAreaM2: z.number().nonnegative().optional(),
  saturatedConductivityMh: z.number().nonnegative().optional(),
  drawdownH: z.number().positive().optional(),
  position: position.optional(),
})

const metering = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('metered'), ...period, sensor: id }),
  z.strictObject({ state: z.literal('shut'), ...period, proof: z.string().min(1) }),
  z.strictObject({ state: z.literal('unmetered'), ...period }),
])

/** How the flow that is not storm runoff is told from it (domain/runoff/base-flow.ts). */
const baseFlow = z.discriminatedUnion('method', [
  z.strictObject({ method: z.literal('none') }),
  z.strictObject({
    method: z.literal('antecedent'),
    windowH: z.number().positive().default(2),
  }),
  z.strictObject({
    method: z.literal('dry-day-pattern'),
    dryAfterH: z.number().positive().default(24),
    weekends: z.enum(['apart', 'together']).default('apart'),
  }),
])

const outfall = z.strictObject({
  id,
  name,
  zone: id,
  catchments: z.array(id).min(1),
  metering: z.array(metering).min(1),
  baseFlow: baseFlow.default({ method: 'antecedent', windowH: 2 }),
  upstream: z
    .array(z.strictObject({ sensor: id, travelMin: z.number().nonnegative() }))
    .default([])
    .meta({ description: 'metered inflow from outside, subtracted with its travel lag' }),
  position: position.optional(),
})

const pondingPoint = z.strictObject({
  id,
  name,
  zone: id,
  sensor: id,
  gauge: id.meta({ description: 'nearest rain gauge: tells when the rain ended' }),
  designRain: z
    .strictObject({
      depth60Mm: z.number().positive(),
      returnPeriodYears: z.number().positive().optional(),
      provenance,
    })
    .optional()
    .meta({
      description:
        'depth of an hour at the design return period of the storm sewer that drains the point; without it no ponding result can pass',
    }),
  historical: z.boolean().default(false),
  cause: z.string().optional(),
  curedOn: z.iso.date().optional(),
  position: position.optional(),
})

const station = z.strictObject({
  id,
  name,
  position,
  groundElevationM: z.number().optional(),
})

const year = z.int().min(1950).max(2200)

/** Years that are compared: with their full calendar years, before construction and after it. */
const comparedYears = {
  before: z
    .strictObject({ fromYear: year, toYear: year })
    .meta({ description: 'calendar years before construction, both included' }),
  after: z
    .strictObject({ fromYear: year, toYear: year })
    .meta({ description: 'calendar years after construction, both included' }),
}

const groundwater = z.strictObject({
  wells: z
    .array(
      z.strictObject({
        sensor: id.meta({ description: 'a sensor of groundwater_level or groundwater_depth' }),
        areaM2: z.number().positive().meta({ description: 'area of its Thiessen polygon' }),
        underPumping: z
          .boolean()
          .default(false)
          .meta({ description: 'within the influence of pumping; such a well is left out' }),
      }),
    )
    .min(1),
  ...comparedYears,
  meanAnnualRainMm: z
    .strictObject({ mm: z.number().nonnegative(), provenance })
    .optional()
    .meta({ description: 'over 30 years or more; 635 asks nothing of places above 1000 mm' }),
})

const heatIsland = z.strictObject({
  inside: z.array(id).min(1).meta({ description: 'air temperature within the area' }),
  outside: z.array(id).min(1).meta({ description: 'air temperature of the suburbs' }),
  ...comparedYears,
  weather: z
    .strictObject({ rain: id, wind: id })
    .optional()
    .meta({ description: 'gauge and wind that tell days to leave out; without it none is' }),
})

const calibration = z.strictObject({
  ...period,
  gain: z.number().refine((gain) => gain !== 0, 'a gain of 0 would erase the measurement'),
  offset: z.number().meta({ description: 'internal unit of the quantity, added after the gain' }),
  certificate: z.string().min(1),
})

/** What one value means; increments are derived from counters after ordering. */
const sensorKind = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('increment') }),
  z.strictObject({
    type: z.literal('counter'),
    resetLocalHour: z
      .number()
      .int()
      .min(0)
      .max(23)
      .optional()
      .meta({ description: 'hour of the city’s local day at which the counter returns to 0' }),
    rollOver: z
      .number()
      .positive()
      .optional()
      .meta({ description: 'first amount the counter cannot show, in the sensor’s unit' }),
  }),
  z.strictObject({
    type: z.literal('tip'),
    perTip: z
      .number()
      .positive()
      .meta({ description: 'amount of one tip, in the sensor’s unit; the payload counts tips' }),
  }),
  z.strictObject({ type: z.literal('instant') }),
  z.strictObject({ type: z.literal('interval-mean') }),
])

/** Silence beyond the interval or heartbeat is missing, never zero. */
const reporting = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('periodic'), intervalS: z.number().positive() }),
  z.strictObject({ type: z.literal('on-change'), heartbeatS: z.number().positive() }),
])

/** What the quality tests that look at neighbouring values are set to, over the quantity's defaults. */
const qualityTests = z.strictObject({
  ...recordTestShape,
  neighbour: z
    .union([
      off,
      z.strictObject({
        sensors: z
          .array(id)
          .min(1)
          .optional()
          .meta({ description: 'rain gauges; those within 5 km unless given' }),
        ...neighbourShape,
      }),
    ])
    .optional(),
})

const sensor = z.strictObject({
  id,
  field: z.string().min(1).meta({ description: 'name of the value within the device’s payload' }),
  quantity: z.enum(QUANTITY_NAMES),
  unit: z
    .string()
    .min(1)
    .meta({ description: 'UCUM code of the payload’s value when it names none' }),
  kind: sensorKind,
  reporting,
  limits: z
    .strictObject({
      fail: z.tuple([z.number(), z.number()]),
      suspect: z.tuple([z.number(), z.number()]).optional(),
    })
    .optional()
    .meta({
      description: 'gross range, inclusive, internal unit; the quantity’s default otherwise',
    }),
  qc: qualityTests.optional().meta({
    description: 'quality tests, internal unit and s; off against a default. Limits stand above',
  }),
  accuracy: z
    .strictObject({
      absolute: z.number().nonnegative().default(0),
      relative: z.number().nonnegative().default(0),
    })
    .optional(),
  datumM: z.number().optional().meta({
    description:
      'elevation of the sensor’s zero, m: 0 where it gives levels above the datum; of a depth to groundwater the ground’s (its station’s unless given)',
  }),
  calibrations: z.array(calibration).default([]),
  responsible: z.string().optional(),
})

const device = z.strictObject({
  id,
  station: id,
  model: z.string().min(1).meta({ description: 'payload family, a folder under devices/' }),
  vendorTopic: z.string().min(1).optional().meta({
    description: 'topic that the vendor’s firmware publishes to; one topic, no wildcards',
  }),
  clock: z.enum(['own', 'none']).default('own'),
  copyWindowS: z.number().nonnegative().default(10).meta({
    description:
      'without a clock: the same bytes again within so many s are a copy; 0 where messages may be alike',
  }),
  installedAt: instant,
  removedAt: instant.optional(),
  serial: z.string().optional(),
  responsible: z.string().optional(),
  sensors: z.array(sensor).min(1),
})

/** What a registry file holds. Defaults are filled in, so the content hash does not depend on them being written. */
export const registrySchema = z.strictObject({
  format: z.literal(1),
  city: z.strictObject({
    id: z
      .string()
      .regex(
        /^[a-z0-9][a-z0-9-]{0,31}$/,
        'a city id has 1 to 32 lower-case letters, digits or hyphens',
      ),
    name,
    timeZone: z.string().min(1).meta({ description: 'IANA zone of local days and hours' }),
    coordinateReference: z.enum(['CGCS2000', 'WGS84', 'GCJ-02']),
    captureRatioZone: z.strictObject({
      zone: z.enum(['I', 'II', 'III', 'IV', 'V']),
      lowerBound: z.number().gt(0).lte(1),
      provenance,
    }),
    stormFormula: stormFormula.optional(),
    builtUpArea: area.optional().meta({
      description: 'built-up area of the city (建成区), which compliant zones are a share of',
    }),
  }),
  drainageZones: z.array(drainageZone).min(1),
  projects: z.array(project).default([]),
  catchments: z.array(catchment).default([]),
  facilities: z.array(facility).default([]),
  outfalls: z.array(outfall).default([]),
  pondingPoints: z.array(pondingPoint).default([]),
  groundwater: groundwater
    .optional()
    .meta({ description: 'wells and years of the trend of the groundwater' }),
  heatIsland: heatIsland.optional().meta({ description: 'sites and years of the heat island' }),
  stations: z.array(station).min(1),
  devices: z.array(device).min(1),
})

export type Registry = z.output<typeof registrySchema>
export type Device = Registry['devices'][number]
export type Sensor = Device['sensors'][number]
export type Catchment = Registry['catchments'][number]
export type Outfall = Registry['outfalls'][number]
export type PondingPoint = Registry['pondingPoints'][number]
export type DrainageZone = Registry['drainageZones'][number]
export type Project = Registry['projects'][number]
export type Facility = Registry['facilities'][number]
export type Station = Registry['stations'][number]
export type Metering = Outfall['metering'][number]
export type Calibration = Sensor['calibrations'][number]
export type GroundwaterSection = NonNullable<Registry['groundwater']>
export type HeatIslandSection = NonNullable<Registry['heatIsland']>
export type ComparedYears = Pick<GroundwaterSection, 'before' | 'after'>
export type Provenance = z.output<typeof provenance>
