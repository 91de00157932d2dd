import { expect, test } from 'vitest'
import { fleetCity } from '../../../../simulators/fleet/fleet-city.js'
import { fleetPlan } from '../../../../simulators/fleet/fleet-plan.js'
import { deviceMessages } from '../../../../simulators/fleet/messages.js'
import { scenarioSchema, type Scenario } from '../../../../simulators/fleet/scenario.js'
import { sensorReadings } from '../../../../simulators/fleet/sensor-readings.js'
import type { Readings } from '../../../../simulators/sensors/readings.js'

/** Two days in steps of ten minutes, from midnight in the city. */
function scenarioOf(more: Record<string, unknown>): Scenario {
  return scenarioSchema.parse({
    ...{ format: 1, name: 'test', seed: 3, city: { file: '../../demo-city/city.yaml' } },
    time: {
      ...{ start: '2026-06-01T00:00:00+08:00', durationS: 172_800, stepS: 600 },
      pace: 'asFastAsAcked',
    },
    ...more,
  })
}

async function planOf(scenario: Scenario) {
  const { registry } = await fleetCity(scenario, 'simulators/fleet/scenarios/test.yaml')
  return fleetPlan(scenario, registry, Date.UTC(2026, 10, 1))
}

async function readingsOf(scenario: Scenario, sensorId: string): Promise<Readings> {
  const fleet = await planOf(scenario)
  for (const { device } of fleet.devices) {
    const sensor = device.sensors.find(({ id }) => id === sensorId)
    if (sensor === undefined) continue
    return sensorReadings(scenario, fleet.registry, fleet.weather, device, sensor).readings
  }
  throw new Error(`no ${sensorId}`)
}

test('a fleet may be that of a registry file; devices without a clock stay silent', async () => {
  const fleet = await planOf(scenarioOf({}))
  const names = fleet.devices.map(({ device }) => device.id)
  expect(names).toEqual(['RG-01', 'RG-02', 'FM-01', 'FM-02', 'PD-01', 'PD-02'])
  for (const device of fleet.devices) {
    expect([...deviceMessages(fleet, device)]).toHaveLength(288)
  }
})

test('values are in the unit of their sensor', async () => {
  // In dry weather a flow is 0.016 to 0.024 m³/s; FM-02 speaks L/s.
  const m3s = await readingsOf(scenarioOf({}), 'FM-01.flow')
  expect(Math.min(...m3s.value)).toBeGreaterThanOrEqual(0.016)
  expect(Math.min(...m3s.value)).toBeLessThan(0.03)
  const litres = await readingsOf(scenarioOf({}), 'FM-02.flow')
  expect(Math.min(...litres.value)).toBeGreaterThanOrEqual(16)
  expect(Math.min(...litres.value)).toBeLessThan(30)
})

test('a counter goes back at its hour, when it is rebooted, and at no other time', async () => {
  const scenario = scenarioOf({
    // At 20:00: that reading still shows what was counted.
    sensors: [{ sensors: 'RG-02.rain', counterZeroedAtS: [72_000] }],
  })
  const { atMs, value } = await readingsOf(scenario, 'RG-02.rain')
  const before = (row: number): number => value[row - 1] ?? 0
  const fell = [...atMs].filter((_, row) => row > 0 && (value[row] ?? 0) < before(row))
  const instants = fell.map((one) => new Date(one + 8 * 3_600_000).toISOString().slice(5, 16))
  // 08:00 still shows the day before; the reading after it begins anew. The night to the 1st was dry.
  expect(instants).toEqual(['06-01T20:10', '06-02T08:10'])
  for (const one of value) expect(one).toBeCloseTo(Math.round(one * 10) / 10, 9)
})

test('a gauge gives whole tips', async () => {
  const { value } = await readingsOf(scenarioOf({}), 'RG-01.rain')
  expect(Math.max(...value)).toBeGreaterThan(0)
  for (const one of value) expect(one).toBe(Math.round(one * 10) / 10)
})
