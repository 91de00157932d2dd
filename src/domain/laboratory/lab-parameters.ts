/** A parameter that indicators use: the unit they use it in (UCUM) and the names reports give it. */
export interface LabParameter {
  readonly unit: string
  readonly names: readonly string[]
}

/** Keys are those of the rules that judge by them (domain/water-quality). */
export const LAB_PARAMETERS = {
  ph: { unit: '[pH]', names: ['pH', 'pH值', '酸碱度'] },
  dissolvedOxygen: { unit: 'mg/L', names: ['DO', 'dissolved oxygen', '溶解氧'] },
  permanganateIndex: { unit: 'mg/L', names: ['CODMn', 'permanganate index', '高锰酸盐指数'] },
  cod: { unit: 'mg/L', names: ['COD', 'CODCr', 'chemical oxygen demand', '化学需氧量'] },
  bod5: { unit: 'mg/L', names: ['BOD5', 'BOD', '五日生化需氧量', '生化需氧量'] },
  ammoniaNitrogen: { unit: 'mg/L', names: ['NH3-N', 'NH4-N', 'ammonia nitrogen', '氨氮'] },
  totalPhosphorus: { unit: 'mg/L', names: ['TP', 'total phosphorus', '总磷'] },
  totalNitrogen: { unit: 'mg/L', names: ['TN', 'total nitrogen', '总氮'] },
  suspendedSolids: { unit: 'mg/L', names: ['SS', 'TSS', 'suspended solids', '悬浮物'] },
  transparency: { unit: 'cm', names: ['SD', 'Secchi depth', '透明度'] },
  redoxPotential: { unit: 'mV', names: ['ORP', 'Eh', 'redox potential', '氧化还原电位'] },
} as const satisfies Readonly<Record<string, LabParameter>>

export type LabParameterId = keyof typeof LAB_PARAMETERS

const BY_NAME: ReadonlyMap<string, LabParameterId> = new Map(
  (Object.keys(LAB_PARAMETERS) as LabParameterId[]).flatMap((id) =>
    [id, ...LAB_PARAMETERS[id].names].map((name) => [plain(name), id] as const),
  ),
)

/**
 * The parameter that a report's name stands for, whatever its case and spacing.
 *
 * @returns null for one that no indicator uses; its results are kept under the name given
 */
export function labParameter(name: string): LabParameterId | null {
  return BY_NAME.get(plain(name)) ?? null
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[\s_\-()（）]/g, '')
}
