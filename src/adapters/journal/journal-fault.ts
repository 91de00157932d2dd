/** Bytes that had been synced are not what was written. Nothing is skipped: somebody has to look. */
export class JournalDamaged extends Error {
  override readonly name = 'JournalDamaged'
  constructor(
    /** Name of the file within the folder. */
    readonly file: string,
    /** First sequence of the segment; 0 for the manifest. */
    readonly segment: number,
    /** Where in the file. */
    readonly offset: number,
    what: string,
    options?: ErrorOptions,
  ) {
    super(
      `journal damaged: ${file}, segment from ${segment}, offset ${offset}: ${what}. ` +
        'Restore this file from a backup; nothing has been changed.',
      options,
    )
  }
}

/** Another process, or another part of this one, owns the folder. */
export class JournalLocked extends Error {
  override readonly name = 'JournalLocked'
}

/** The journal takes no more appends: it was closed, or the disk failed and only opening anew can tell what is there. */
export class JournalStopped extends Error {
  override readonly name = 'JournalStopped'
}

/** What somebody should hear of. All but `cut` and `room` need a person. */
export type JournalAlarm =
  /** The folder holds 80 % of maxBytes or more. */
  | { readonly kind: 'filling'; readonly bytes: number; readonly maxBytes: number }
  /** The bound is reached: appends are rejected, so nothing is acknowledged. */
  | { readonly kind: 'full'; readonly bytes: number; readonly maxBytes: number }
  /** The folder is below 80 % again: what `filling` and `full` said holds no longer. */
  | { readonly kind: 'room'; readonly bytes: number; readonly maxBytes: number }
  /** A write or sync failed: no more appends until the journal is opened anew. */
  | { readonly kind: 'failed'; readonly error: Error }
  /** A segment could not be sealed; it stays as it is, readable, and sealing stops. */
  | { readonly kind: 'unsealed'; readonly segment: number; readonly error: Error }
  /** On opening, an unfinished write was cut off the end of a file; none of it had been acknowledged. */
  | {
      readonly kind: 'cut'
      readonly file: string
      readonly offset: number
      readonly bytes: number
    }
