import type { DeviceHealth } from '../api/contract.js'
import { useLocale } from '../i18n/locale.js'
import { Answer } from '../parts/answer.js'
import { Card } from '../parts/card.js'
import { Table } from '../parts/table.js'
import type { Storm } from '../state/storm.js'

const WORST_FIRST: readonly DeviceHealth['state'][] = [
  'unknown',
  'silent',
  'never',
  'late',
  'online',
  'removed',
]

/** Which devices speak, since when the others do not, and whose clock is off. */
export function DeviceTable({ storm }: { readonly storm: Storm }) {
  const words = useLocale()
  const station = (id: string): string => {
    const found = storm.city.stations.find((candidate) => candidate.id === id)
    return found === undefined ? id : words.text(found.name)
  }
  return (
    <Card id="devices" title={words.t('devices.title')}>
      <Answer of={storm.devices} lines="many">
        {(devices) => (
          <Table
            caption={words.t('devices.title')}
            rows={devices}
            rowKey={({ id }) => id}
            empty={words.t('devices.empty')}
            height="bounded"
            columns={[
              {
                key: 'device',
                head: words.t('devices.device'),
                cell: (device) => (
                  <>
                    <span class="strong">{device.id}</span>
                    <span class="sub">{`${station(device.station)} · ${device.model}`}</span>
                  </>
                ),
                sortBy: ({ id }) => id,
                rowHead: true,
              },
              {
                key: 'state',
                head: words.t('devices.state'),
                cell: (device) => (
                  <span class={`chip device-${device.state}`} data-state={device.state}>
                    <span class="chip-dot" aria-hidden="true" />
                    {words.t(`device.${device.state}`)}
                  </span>
                ),
                sortBy: ({ state }) => WORST_FIRST.indexOf(state),
              },
              {
                key: 'last',
                head: words.t('devices.last'),
                cell: (device) => (
                  <>
                    {device.lastArrivalMs === null
                      ? '—'
                      : words.moment(device.lastArrivalMs, storm.nowMs.value)}
                    <span class="sub">
                      {`${words.t('devices.every')} ${words.duration(device.expectedEveryMs)}`}
                    </span>
                  </>
                ),
                sortBy: ({ lastArrivalMs }) => lastArrivalMs,
              },
              {
                key: 'offset',
                head: words.t('devices.offset'),
                cell: (device) =>
                  device.clock === 'none'
                    ? words.t('devices.noClock')
                    : device.clockOffsetMs === null
                      ? '—'
                      : `${words.number(device.clockOffsetMs / 1_000)} s`,
                sortBy: ({ clockOffsetMs }) => clockOffsetMs,
                align: 'end',
              },
              {
                key: 'messages',
                head: words.t('devices.messages'),
                cell: (device) => words.number(device.messages, 0),
                sortBy: ({ messages }) => messages,
                align: 'end',
              },
              {
                key: 'missing',
                head: words.t('devices.missing'),
                cell: ({ missing }) =>
                  missing === null ? (
                    <span class="sub">{words.t('devices.unnumbered')}</span>
                  ) : (
                    <>
                      {words.number(missing.messages, 0)}
                      {missing.gaps.slice(-1).map(({ afterNumber, beforeNumber }) => (
                        <span class="sub">{`${afterNumber} … ${beforeNumber}`}</span>
                      ))}
                    </>
                  ),
                sortBy: ({ missing }) => missing?.messages ?? null,
                align: 'end',
              },
            ]}
          />
        )}
      </Answer>
    </Card>
  )
}
