import type { JournalAlarm } from '../adapters/journal/index.js'
import type { Logger } from '../ports/logger.js'

/** What each alarm of the journal means for whoever runs the service. */
export const ALARM_TEXT = {
  filling: 'the journal fills its disk bound; make room or raise --journal-max-mb',
  full: 'the journal is full: nothing is acknowledged; make room or raise --journal-max-mb',
  room: 'the journal has room again',
  failed: 'the disk failed: nothing is acknowledged; restart to go on',
  unsealed: 'a journal segment could not be sealed; it stays readable',
  cut: 'an unfinished write at the journal’s end was cut off',
} as const satisfies Record<JournalAlarm['kind'], string>

export function logAlarm(alarm: JournalAlarm, logger: Logger): void {
  const { kind, ...fields } = alarm
  switch (kind) {
    case 'full':
    case 'failed':
    case 'unsealed':
      return logger.error(fields, ALARM_TEXT[kind])
    case 'filling':
      return logger.warn(fields, ALARM_TEXT[kind])
    case 'room':
    case 'cut':
      return logger.info(fields, ALARM_TEXT[kind])
  }
}

/** Whether the journal takes messages, as its alarms tell. */
export interface JournalState {
  hear(alarm: JournalAlarm): void
  /** Why nothing is acknowledged; null while it is. A failed disk stays failed until a restart. */
  trouble(): string | null
}

export function journalState(): JournalState {
  let failed = false
  let full = false
  return {
    hear({ kind }) {
      if (kind === 'failed') failed = true
      if (kind === 'full') full = true
      if (kind === 'filling' || kind === 'room') full = false
    },
    trouble() {
      if (failed) return ALARM_TEXT.failed
      return full ? ALARM_TEXT.full : null
    },
  }
}
