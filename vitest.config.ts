import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

/** One project per folder of `test`; only those that talk to real servers get the set-up that installs them. */
const servers = ['test/setup/servers.ts']

export default defineConfig({
  test: {
    passWithNoTests: false,
    // Most files wait for a server rather than for the processor; Vitest would leave one core to others.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts', 'test/golden/**/*.test.ts'],
          // Property tests take a second or two, and ten on a busy machine.
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'architecture',
          include: ['test/architecture.test.ts'],
          testTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'contract',
          include: ['test/contract/**/*.test.ts'],
          globalSetup: servers,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          globalSetup: servers,
          testTimeout: 120_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'trials',
          include: ['test/trials/**/*.test.ts'],
          globalSetup: servers,
          testTimeout: 300_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          globalSetup: servers,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'real',
          include: ['test/real/**/*.test.ts'],
          globalSetup: servers,
          testTimeout: 300_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
})
