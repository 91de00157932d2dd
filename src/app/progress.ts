/** How often the line is drawn again, ms. */
const REDRAW_MS = 200

export interface ProgressLine {
  at(done: number): void
  end(): void
}

/**
 * A line on stderr that tells how far long work is. On a terminal it is drawn over itself;
 * elsewhere each tenth is a line, so that logs stay readable.
 */
export function progressLine(what: string, total: number): ProgressLine {
  const terminal = process.stderr.isTTY
  let drawnMs = 0
  let tenth = 0
  function text(done: number): string {
    const percent = total === 0 ? 100 : Math.floor((done / total) * 100)
    return `${what}: ${done} of ${total} (${percent} %)`
  }
  return {
    at(done) {
      if (terminal) {
        const nowMs = performance.now()
        if (nowMs - drawnMs < REDRAW_MS && done < total) return
        drawnMs = nowMs
        process.stderr.write(`\r${text(done)}`)
        return
      }
      const reached = total === 0 ? 10 : Math.floor((done / total) * 10)
      if (reached > tenth) process.stderr.write(`${text(done)}\n`)
      tenth = reached
    },
    end() {
      if (terminal) process.stderr.write('\n')
    },
  }
}
