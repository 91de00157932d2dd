import { basename } from 'node:path'
import { z } from 'zod'

/** What one kind of test came to. */
export interface Tally {
  readonly kind: string
  readonly passed: number
  readonly failed: number
  readonly durationMs: number
  /** What failed and why, a line each: long output may be cut above the table, not in it. */
  readonly notes: readonly string[]
}

/** What is read of the report that vitest's json reporter writes. */
const Report = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string().optional(),
      assertionResults: z.array(
        z.object({
          fullName: z.string(),
          status: z.string(),
          failureMessages: z.array(z.string()).default([]),
        }),
      ),
    }),
  ),
})

/**
 * Counts a vitest report so that nothing can hide: a skipped or open test counts as failed, so does
 * a file that could not be run, a project that collected nothing, and a run that ended badly
 * although every test passed (an unhandled error).
 *
 * @param ended `ok`, or how the process ended instead
 * @param reportText the report, or anything else when there is none
 */
export function reportTally(
  kind: string,
  durationMs: number,
  ended: string,
  reportText: string,
): Tally {
  const report = Report.safeParse(parsed(reportText))
  if (!report.success) {
    const how = ended === 'ok' ? 'no test report was written' : ended
    return failedTally(kind, durationMs, how)
  }
  const notes: string[] = []
  let passed = 0
  let failed = 0
  for (const file of report.data.testResults) {
    for (const { status, fullName, failureMessages } of file.assertionResults) {
      if (status === 'passed') {
        passed++
        continue
      }
      failed++
      const why = firstLine(failureMessages[0] ?? '')
      notes.push(`${status}: ${fullName} (${basename(file.name)})${why === '' ? '' : `: ${why}`}`)
    }
    const says = file.assertionResults.some(({ status }) => status !== 'passed')
    if (file.status === 'passed' || says) continue
    failed++
    notes.push(`${file.name} could not be run: ${firstLine(file.message ?? '')}`)
  }
  if (passed + failed === 0) return failedTally(kind, durationMs, 'no test was collected')
  if (ended !== 'ok' && failed === 0) {
    return {
      kind,
      passed,
      failed: 1,
      durationMs,
      notes: [`every test passed, but vitest ${ended}`],
    }
  }
  return { kind, passed, failed, durationMs, notes }
}

/** One failure that is not a test's. */
export function failedTally(kind: string, durationMs: number, why: string): Tally {
  return { kind, passed: 0, failed: 1, durationMs, notes: [why] }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // No report is a finding of its own; the caller says so.
    return null
  }
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? ''
}
