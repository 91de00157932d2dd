import { localTime } from '../domain/local-time.js'
import { marksBySeries, type Mark } from '../domain/qc/mark.js'
import { seriesJudges, type SeriesJudges } from '../domain/qc/series-judge.js'
import type { RegistryVersion } from '../ports/city-registry.js'
import type { ClocklessCopies } from './clockless-copies.js'
import { deviceTable } from './device-table.js'
import type { ProjectionRules } from './projection.js'

/** What a registry version means to the projection, each worked out once per version. */
export interface RulesInForce {
  /** How entries become observations. */
  projecting(version: RegistryVersion): ProjectionRules
  /** How values are judged beside their neighbours and under marks. */
  judging(version: RegistryVersion, marks: readonly Mark[]): SeriesJudges
}

export function rulesInForce(
  parts: Pick<ProjectionRules, 'models' | 'futureToleranceMs'>,
  copies: ClocklessCopies,
): RulesInForce {
  let ruled: { readonly sha256: string; readonly rules: ProjectionRules } | null = null
  let judged: {
    readonly sha256: string
    readonly marks: readonly Mark[]
    readonly judges: SeriesJudges
  } | null = null
  return {
    projecting({ sha256, registry, index }) {
      if (ruled?.sha256 === sha256) return ruled.rules
      const { models, futureToleranceMs } = parts
      const { sensors } = index
      const table = deviceTable(registry)
      ruled = { sha256, rules: { registry, table, sensors, models, copies, futureToleranceMs } }
      return ruled.rules
    },
    judging({ sha256, index, registry }, marks) {
      if (judged?.sha256 !== sha256 || judged.marks !== marks) {
        const time = localTime(registry.city.timeZone)
        judged = { sha256, marks, judges: seriesJudges(index, time, marksBySeries(marks)) }
      }
      return judged.judges
    },
  }
}
