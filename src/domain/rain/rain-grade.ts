/** Rain grades (降水量等级), the lightest first. */
export const RAIN_GRADES = [
  { id: 'light', zh: '小雨', en: 'light rain' },
  { id: 'moderate', zh: '中雨', en: 'moderate rain' },
  { id: 'heavy', zh: '大雨', en: 'heavy rain' },
  { id: 'torrential', zh: '暴雨', en: 'torrential rain' },
  { id: 'heavy-torrential', zh: '大暴雨', en: 'heavy torrential rain' },
  { id: 'extreme-torrential', zh: '特大暴雨', en: 'extremely heavy torrential rain' },
] as const

export type RainGrade = (typeof RAIN_GRADES)[number]['id']

/**
 * Least depth of each grade, mm (GB/T 28592-2012: from 暴雨 upwards as read in standards sheet S48;
 * the three below it (unverified)). Depths are compared in the tenths of a millimetre they are
 * reported in.
 */
const LEAST_MM: Readonly<Record<12 | 24, readonly number[]>> = {
  12: [0.1, 5, 15, 30, 70, 140],
  24: [0.1, 10, 25, 50, 100, 250],
}

/**
 * The grade of a depth within 12 or 24 hours.
 *
 * @param depthMm >= 0
 * @returns null below 0.1 mm
 */
export function rainGrade(depthMm: number, hours: 12 | 24): RainGrade | null {
  const tenths = Math.round(depthMm * 10) / 10
  const grade = LEAST_MM[hours].findLastIndex((least) => tenths >= least)
  return RAIN_GRADES[grade]?.id ?? null
}
