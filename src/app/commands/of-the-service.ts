import type { Command } from 'commander'
import { assessCommand } from './assess.js'
import { assessmentsCommand } from './assessments.js'
import { backupCommands } from './backup.js'
import { cityCommand } from './city.js'
import { deviceCommand } from './device.js'
import { importCommand } from './import.js'
import { ingestCommand } from './ingest.js'
import { journalCommand } from './journal.js'
import { correctCommand, markCommand } from './judgements.js'
import { ledgerCommand } from './ledger.js'
import { rebuildCommand } from './rebuild.js'
import { serveCommand } from './serve.js'
import { upCommand } from './up.js'

/** The commands that run a service, speak to one, or work on its data folder. */
export function serviceCommands(program: Command): void {
  upCommand(program)
  ingestCommand(program)
  serveCommand(program)
  cityCommand(program)
  deviceCommand(program)
  importCommand(program)
  markCommand(program)
  correctCommand(program)
  ledgerCommand(program)
  assessCommand(program)
  assessmentsCommand(program)
  journalCommand(program)
  rebuildCommand(program)
  backupCommands(program)
}
