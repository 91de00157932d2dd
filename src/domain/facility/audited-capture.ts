import { controlledDepthMm } from './facility-volume.js'

/** A part of a project as the audit sees it; areas of facilities include the facility itself. */
export type AuditedSurface =
  | {
      readonly kind: 'facility'
      readonly areaM2: number
      /** Control scale, m³ (facility-volume.ts). */
      readonly volumeM3: number
      /** Volumetric runoff coefficient of what drains to it, above 0 to 1. */
      readonly coefficient: number
    }
  /** Impervious and drained without a facility: controls nothing. */
  | { readonly kind: 'uncontrolled-impervious'; readonly areaM2: number }
  /** Pervious without a facility: controls its own losses during rain. */
  | { readonly kind: 'uncontrolled-pervious'; readonly areaM2: number; readonly lossMm: number }

/** What a surface or a project controls. */
export interface AuditedShare {
  readonly areaM2: number
  /** Volume capture ratio, 0 to 1. */
  readonly share: number
}

/**
 * Volume capture ratio of one surface: of a facility that of the depth it controls, read off the
 * local curve; 0 for uncontrolled impervious surfaces; of uncontrolled pervious ones that of their
 * losses (GB/T 51345-2018, clauses 5.1.1–5.1.3 as read in an excerpt, standards sheet S5).
 *
 * @param shareOf local curve between depth (mm) and ratio (capture-curve.ts)
 */
export function auditedShare(
  surface: AuditedSurface,
  shareOf: (depthMm: number) => number,
): AuditedShare {
  const { areaM2 } = surface
  switch (surface.kind) {
    case 'facility':
      return {
        areaM2,
        share: shareOf(controlledDepthMm(surface.volumeM3, surface.coefficient, areaM2)),
      }
    case 'uncontrolled-impervious':
      return { areaM2, share: 0 }
    case 'uncontrolled-pervious':
      return { areaM2, share: shareOf(surface.lossMm) }
    default:
      return surface satisfies never
  }
}

/**
 * Ratio of a project from its surfaces, of a zone from its projects: `Σ αj·Fj / ΣFj` (the same
 * clauses; the zone by area (unverified)). One of the few ratios that a document averages.
 *
 * @returns null without area
 */
export function areaWeightedShare(parts: readonly AuditedShare[]): number | null {
  const areaM2 = parts.reduce((sum, part) => sum + part.areaM2, 0)
  if (areaM2 === 0) return null
  return parts.reduce((sum, part) => sum + part.share * part.areaM2, 0) / areaM2
}

/**
 * Annual SS reduction of a project: its capture ratio times the mean SS removal of its facilities by
 * catchment area (technical guide 2014, (unverified)).
 *
 * @param facilities SS removal as a share, 0 to 1
 * @returns null without a facility
 */
export function solidsReduction(
  captureShare: number,
  facilities: readonly { readonly areaM2: number; readonly removal: number }[],
): number | null {
  const mean = areaWeightedShare(
    facilities.map(({ areaM2, removal }) => ({ areaM2, share: removal })),
  )
  return mean === null ? null : captureShare * mean
}
