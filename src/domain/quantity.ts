/**
 * What a sensor may observe. `unit` is the one unit used inside (UCUM code); conversion happens
 * at the borders only (units.ts). `measure` tells how values combine over time: a `total` adds up,
 * a `state` is sampled, so its integral needs a rule (trapezoid or rectangle).
 */
export const QUANTITIES = {
  rain_depth: { unit: 'mm', measure: 'total', en: 'Rain depth', zh: '降雨量' },
  rain_intensity: { unit: 'mm/h', measure: 'state', en: 'Rain intensity', zh: '雨强' },
  flow: { unit: 'm3/s', measure: 'state', en: 'Flow', zh: '流量' },
  velocity: { unit: 'm/s', measure: 'state', en: 'Velocity', zh: '流速' },
  level: { unit: 'm', measure: 'state', en: 'Water level', zh: '水位' },
  ponding_depth: { unit: 'mm', measure: 'state', en: 'Ponding depth', zh: '积水深度' },
  groundwater_level: { unit: 'm', measure: 'state', en: 'Groundwater level', zh: '地下水位' },
  // Below the ground, positive downwards; a level is above the sensor's zero.
  groundwater_depth: { unit: 'm', measure: 'state', en: 'Depth to groundwater', zh: '地下水埋深' },
  volume: { unit: 'm3', measure: 'total', en: 'Volume', zh: '水量' },
  suspended_solids: { unit: 'mg/L', measure: 'state', en: 'Suspended solids', zh: '悬浮物' },
  turbidity: { unit: '[NTU]', measure: 'state', en: 'Turbidity', zh: '浊度' },
  dissolved_oxygen: { unit: 'mg/L', measure: 'state', en: 'Dissolved oxygen', zh: '溶解氧' },
  ammonia_nitrogen: { unit: 'mg/L', measure: 'state', en: 'Ammonia nitrogen', zh: '氨氮' },
  oxidation_reduction: { unit: 'mV', measure: 'state', en: 'Redox potential', zh: '氧化还原电位' },
  conductivity: { unit: 'uS/cm', measure: 'state', en: 'Conductivity', zh: '电导率' },
  ph: { unit: '[pH]', measure: 'state', en: 'pH', zh: '酸碱度' },
  water_temperature: { unit: 'Cel', measure: 'state', en: 'Water temperature', zh: '水温' },
  air_temperature: { unit: 'Cel', measure: 'state', en: 'Air temperature', zh: '气温' },
  wind_speed: { unit: 'm/s', measure: 'state', en: 'Wind speed', zh: '风速' },
  relative_humidity: { unit: '%', measure: 'state', en: 'Relative humidity', zh: '相对湿度' },
  soil_moisture: { unit: '%', measure: 'state', en: 'Soil moisture', zh: '土壤含水率' },
  voltage: { unit: 'V', measure: 'state', en: 'Supply voltage', zh: '供电电压' },
} as const

export type Quantity = keyof typeof QUANTITIES

export const QUANTITY_NAMES = Object.keys(QUANTITIES) as [Quantity, ...Quantity[]]
