import type { Refusal } from '../api/contract.js'
import { useLocale } from '../i18n/locale.js'
import { Answer } from '../parts/answer.js'
import { Card } from '../parts/card.js'
import type { Storm } from '../state/storm.js'

/** More than this would not be read here; the whole message is one click away. */
const BYTES_SHOWN = 512

/** What could not be kept, newest first: the code, what it means, why, and the bytes themselves. */
export function RefusalList({ storm }: { readonly storm: Storm }) {
  const words = useLocale()
  const counts = storm.refusals.state.value.data?.counts ?? {}
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0)
  return (
    <Card
      id="refusals"
      title={words.t('refusals.title')}
      aside={<span class="muted">{words.t('refusals.all', { n: words.number(all, 0) })}</span>}
    >
      <Answer of={storm.refusals} lines="many">
        {({ items }) =>
          items.length === 0 ? (
            <p class="empty">{words.t('refusals.empty')}</p>
          ) : (
            <div class="refusals" role="region" aria-label={words.t('refusals.title')} tabIndex={0}>
              <ol>
                {items.map((refusal) => (
                  <li key={refusal.id} data-code={refusal.code}>
                    <RefusalEntry refusal={refusal} nowMs={storm.nowMs.peek()} />
                  </li>
                ))}
              </ol>
            </div>
          )
        }
      </Answer>
    </Card>
  )
}

function RefusalEntry({ refusal, nowMs }: { readonly refusal: Refusal; readonly nowMs: number }) {
  const words = useLocale()
  const bytes = Uint8Array.from(atob(refusal.payloadBase64), (sign) => sign.charCodeAt(0))
  const shown = bytes.subarray(0, BYTES_SHOWN)
  const which =
    refusal.index === null
      ? words.t('refusals.wholeMessage')
      : words.t('refusals.observation', { n: refusal.index + 1 })
  return (
    <details class="refusal">
      <summary>
        <span class="refusal-head">
          <code class="refusal-code">{refusal.code}</code>
          <span class="strong">{refusal.device}</span>
          <time class="muted">{words.moment(refusal.arrivalMs, nowMs)}</time>
        </span>
        <span class="refusal-meaning">
          {words.maybe(`refusal.${refusal.code}`, refusal.meaning)}
        </span>
      </summary>
      <p class="refusal-reason" lang="en">
        {refusal.reason}
      </p>
      <p class="muted">
        <code>{refusal.topic}</code> · {which} ·{' '}
        {words.t('refusals.bytes', { n: words.number(refusal.payloadBytes, 0) })} ·{' '}
        <a href={`/api/v1/refusals/${refusal.id}/payload`} download={`refusal-${refusal.id}.bin`}>
          {words.t('refusals.raw')}
        </a>
      </p>
      {refusal.payloadText !== null && refusal.payloadText !== '' && (
        <>
          <h3>{words.t('refusals.text')}</h3>
          <pre class="bytes" tabIndex={0}>
            {refusal.payloadText.slice(0, BYTES_SHOWN)}
          </pre>
        </>
      )}
      <h3>{words.t('refusals.hex')}</h3>
      <pre class="bytes" tabIndex={0}>
        {hexDump(shown)}
      </pre>
      {refusal.payloadBytes > shown.length && (
        <p class="muted">{words.t('refusals.cut', { n: shown.length })}</p>
      )}
    </details>
  )
}

/** `0000  7b 22 64 …  {"d…`, 16 bytes a line. */
function hexDump(bytes: Uint8Array): string {
  const lines: string[] = []
  for (let at = 0; at < bytes.length; at += 16) {
    const row = [...bytes.subarray(at, at + 16)]
    const hex = row.map((byte) => byte.toString(16).padStart(2, '0')).join(' ')
    const signs = row
      .map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·'))
      .join('')
    lines.push(`${at.toString(16).padStart(4, '0')}  ${hex.padEnd(47)}  ${signs}`)
  }
  return lines.join('\n')
}
