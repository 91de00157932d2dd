import type { Theme } from '../state/settings.js'
import type { Storm } from '../state/storm.js'
import { CaptureCard } from './capture-card.js'
import { Controls } from './controls.js'
import { DeviceTable } from './device-table.js'
import { EventTable } from './event-table.js'
import { LedgerBanner, LedgerStrip } from './ledger-strip.js'
import { PageFoot } from './page-foot.js'
import { PondingCard } from './ponding-card.js'
import { RefusalList } from './refusal-list.js'
import { StormChart } from './storm-chart.js'
import { Summary } from './summary.js'

/** The page: where the city stands, the storm, what it means, and whether to believe it. */
export function StormView({ storm, theme }: { readonly storm: Storm; readonly theme: Theme }) {
  return (
    <>
      <main id="main" tabIndex={-1}>
        <LedgerBanner storm={storm} />
        <Summary storm={storm} />
        <Controls storm={storm} />
        <div class="storm">
          <div class="storm-main">
            <StormChart storm={storm} theme={theme} />
            <EventTable storm={storm} />
          </div>
          <div class="storm-side">
            <CaptureCard storm={storm} />
            <PondingCard storm={storm} />
            <RefusalList storm={storm} />
          </div>
          <div class="storm-house">
            <DeviceTable storm={storm} />
          </div>
        </div>
        <LedgerStrip storm={storm} />
      </main>
      <PageFoot registry={storm.city.registry.sha256} />
    </>
  )
}
