import { readdir, readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { fleetCity } from '../../../../simulators/fleet/fleet-city.js'
import { fleetPlan } from '../../../../simulators/fleet/fleet-plan.js'
import { isMeant, readScenario } from '../../../../simulators/fleet/scenario.js'

const GOOD = `format: 1
name: test
seed: 1
city:
  generate:
    groups: [{ prefix: a, count: 2, kind: level-gauge }]
time: { start: '2026-06-01T00:00:00Z', durationS: 600, stepS: 60, pace: asFastAsAcked }
`

test('every fault of a scenario is told at once, with its line', () => {
  const bad = `${GOOD.replace('count: 2', 'count: 0').replace('stepS: 60', 'stepS: 0.5')}network:
  - { kind: offline, devices: '*', fromS: 20, tillS: 10 }
`
  const faults = faultsOf(bad)
  expect(faults).toMatch(/^s\.yaml:6: city\.generate\.groups\.0\.count: /)
  expect(faults).toMatch(/^s\.yaml:7: time\.stepS: /m)
  expect(faults).toMatch(/^s\.yaml:9: network\.0\.tillS: no such setting$/m)
})

test('contradictions and broken YAML are told with their lines', () => {
  const late = `${GOOD}network:
  - { kind: mass-reconnect, devices: '*', atS: 600 }
`
  expect(faultsOf(late)).toBe('s.yaml:9: network.0: begins at 600 s, the scenario ends at 600 s')
  expect(faultsOf('format: [1')).toMatch(/^s\.yaml:1: /)
})

function faultsOf(text: string): string {
  try {
    readScenario('s.yaml', text)
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
  return ''
}

test('a scenario that would send values from the future is refused, and one whose false stamps would be kept', async () => {
  const nowMs = Date.UTC(2026, 5, 1)
  const ahead = readScenario('s.yaml', GOOD)
  const { registry } = await fleetCity(ahead, 's.yaml')
  expect(() => fleetPlan(ahead, registry, nowMs)).toThrow('values after now are refused')
  expect(fleetPlan(ahead, registry, nowMs + 600_000).devices).toHaveLength(2)

  const rebooting = readScenario(
    's.yaml',
    `${GOOD}network: [{ kind: reboot, devices: 'a-1', atS: 60, clockSyncedAfterS: 60 }]`,
  )
  const old = registry.devices.map((device) => ({ ...device, installedAt: '1999-01-01T00:00:00Z' }))
  expect(() => fleetPlan(rebooting, { ...registry, devices: old }, nowMs + 600_000)).toThrow(
    'a-1 stands since 1999',
  )
})

test('patterns', () => {
  expect(isMeant('rain-1', 'rain-1')).toBe(true)
  expect(isMeant('rain-1', 'rain-10')).toBe(false)
  expect(isMeant('*', 'anything')).toBe(true)
  expect(isMeant('rain-*', 'rain-10.tips')).toBe(true)
  expect(isMeant('*.level', 'flow-1.level')).toBe(true)
  expect(isMeant('*.level', 'flow-1.levels')).toBe(false)
  expect(isMeant('a*b*c', 'a-b-c')).toBe(true)
  expect(isMeant('ab*ba', 'aba')).toBe(false)
})

test('the scenarios that come along can be used', async () => {
  const folder = 'simulators/fleet/scenarios'
  const files = (await readdir(folder)).filter((file) => file.endsWith('.yaml'))
  expect(files.length).toBeGreaterThanOrEqual(3)
  for (const file of files) {
    const path = `${folder}/${file}`
    const scenario = readScenario(path, await readFile(path, 'utf8'))
    const { registry } = await fleetCity(scenario, path)
    expect(fleetPlan(scenario, registry, Date.UTC(2026, 10, 1)).messages).toBeGreaterThan(100)
  }
})
