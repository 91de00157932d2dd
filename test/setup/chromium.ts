import type { LaunchOptions } from 'playwright-core'

/** How Debian's Chromium is started: no sandbox (tests may run as root), and no traffic of its own. */
export const chromiumLaunch: LaunchOptions = {
  executablePath: '/usr/bin/chromium',
  headless: true,
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
}
