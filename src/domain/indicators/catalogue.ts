import { eventRunoffCoefficient } from './event-runoff-coefficient.js'
import type { Indicator } from './indicator.js'
import { groundwaterTrendIndicator } from './groundwater-trend.js'
import { heatIslandIndicator } from './heat-island.js'
import { measuredCaptureRatio } from './measured-capture-ratio.js'
import { ponding } from './ponding.js'
import { rainEventsIndicator } from './rain-events.js'
import { stormRunoffVolume } from './storm-runoff-volume.js'

/** The indicators of this release, in the order they are shown. To add one: its file, its golden folder, one line here. */
export const INDICATORS: readonly Indicator[] = [
  rainEventsIndicator,
  stormRunoffVolume,
  eventRunoffCoefficient,
  measuredCaptureRatio,
  ponding,
  groundwaterTrendIndicator,
  heatIslandIndicator,
]
