import type { DuckDBConnection } from '@duckdb/node-api'
import { DuckDBInstance } from '@duckdb/node-api'
import { faultText } from '../../domain/fault.js'

export interface DatabaseOptions {
  readonly file: string
  /** Threads of the engine. */
  readonly threads: number
  /** Bounds the engine's buffers, not the process: RSS is larger by what results and the heap take. */
  readonly memoryLimitMb: number
  /** What large queries may lay out beside the file. */
  readonly tempLimitMb: number
}

/** The opened file: one connection that writes, one for each read, so that neither waits for the other. */
export interface Database {
  readonly writer: DuckDBConnection
  /** Runs queries on a connection of their own, each with its own snapshot. Rejects when closed. */
  read<Answer>(query: (connection: DuckDBConnection) => Promise<Answer>): Promise<Answer>
  /** Waits for running reads, checkpoints, closes. Safe to call twice. */
  close(): Promise<void>
}

/** The file cannot be used as it is; the message says what to do. */
export class DatabaseUnusable extends Error {
  override readonly name = 'DatabaseUnusable'
}

/** Opens or makes the file. Rejects with DatabaseUnusable when it is damaged or another process has it open. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const instance = await openInstance(options)
  const writer = await instance.connect()
  await writer.run(`SET GLOBAL TimeZone = 'UTC'`)
  await writer.run('SET GLOBAL lock_configuration = true')

  const reads = new Set<Promise<unknown>>()
  let closing: Promise<void> | undefined

  async function query<Answer>(
    ask: (connection: DuckDBConnection) => Promise<Answer>,
  ): Promise<Answer> {
    const connection = await instance.connect()
    try {
      return await ask(connection)
    } finally {
      connection.closeSync()
    }
  }

  async function close(): Promise<void> {
    await Promise.allSettled(reads)
    try {
      // Asynchronous here, so that closing does not do it on the event loop.
      await writer.run('CHECKPOINT')
    } finally {
      writer.closeSync()
      instance.closeSync()
    }
  }

  return {
    writer,
    async read(ask) {
      if (closing !== undefined) throw new Error(`${options.file} is closed`)
      const running = query(ask)
      reads.add(running)
      try {
        return await running
      } finally {
        reads.delete(running)
      }
    },
    close: () => (closing ??= close()),
  }
}

async function openInstance(options: DatabaseOptions): Promise<DuckDBInstance> {
  try {
    return await DuckDBInstance.create(options.file, {
      threads: String(options.threads),
      memory_limit: `${options.memoryLimitMb}MB`,
      temp_directory: `${options.file}.tmp`,
      max_temp_directory_size: `${options.tempLimitMb}MB`,
      checkpoint_threshold: '64MB',
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
    })
  } catch (error) {
    if (String(error).includes('Conflicting lock')) {
      throw new DatabaseUnusable(
        `${options.file} is open in another process; stop that one or ask it over its API`,
        { cause: error },
      )
    }
    throw new DatabaseUnusable(
      `${options.file} cannot be opened (${faultText(error)}); if it is damaged, move it away: it is made again from the journal`,
      { cause: error },
    )
  }
}
