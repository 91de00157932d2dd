import type { Command } from 'commander'
import { designRainCommand } from './design-rain.js'
import { overflowCommand } from './overflow.js'
import { pondingCommand } from './ponding.js'
import { qcCommand } from './qc.js'
import { rainEventsCommand } from './rain-events.js'
import { returnPeriodCommand } from './return-period.js'
import { runoffCommand } from './runoff.js'
import { schemeCommand } from './scheme.js'
import { stormCommand } from './storm.js'
import { swmmCommand } from './swmm.js'

/** The commands that need no service: files in, answers out. */
export function fileCommands(program: Command): void {
  schemeCommand(program)
  qcCommand(program)
  designRainCommand(program)
  stormCommand(program)
  returnPeriodCommand(program)
  rainEventsCommand(program)
  runoffCommand(program)
  pondingCommand(program)
  overflowCommand(program)
  swmmCommand(program)
}
