import type { RefusalCode } from '../domain/fault.js'

/** Counts since the process started, and where things stand now; read when metrics are scraped. */
export interface ServiceCounts {
  readonly messagesReceived: number
  /** QoS 0 messages that could not be made durable. */
  readonly messagesDropped: number
  readonly observationsInserted: number
  readonly observationsDuplicate: number
  readonly observationsRevised: number
  readonly refusalsByCode: ReadonlyMap<RefusalCode, number>
  readonly connectedClients: number
  readonly connectionsRefused: number
  /** Those of them that only a limit refused. */
  readonly connectionsLimited: number
  /** How often reading from a connection stood still to keep its device's pace. */
  readonly readPauses: number
  /** Connections whose reading stands still now. */
  readonly connectionsHeld: number
  readonly journalHead: number
  /** Of all files of the journal, and what they may come to. */
  readonly journalBytes: number
  readonly journalMaxBytes: number
  readonly projectionPosition: number
  /** The server's clock stands before the journal's latest entry: time refusals are held. */
  readonly clockInDoubt: boolean
}

/** One part that must work before the service is ready. */
export interface ReadinessCheck {
  readonly part: string
  readonly ok: boolean
  /** What is wrong and what helps; empty when ok. */
  readonly detail: string
}

export interface ServiceStatus {
  /** null for a process that takes no messages. */
  readonly counts: (() => ServiceCounts) | null
  readiness(): Promise<readonly ReadinessCheck[]>
}
