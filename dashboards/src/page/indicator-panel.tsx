import type { IndicatorResult } from '../api/contract.js'
import { useLocale } from '../i18n/locale.js'
import { Verdict } from '../parts/verdict.js'
import {
  InputTable,
  ParameterTable,
  ResultClauses,
  ResultCoverage,
  ResultFacts,
  ResultNotes,
  valueText,
} from './result-evidence.js'

/** One indicator's answer with everything needed to believe or to doubt it. */
export function IndicatorPanel({ result }: { readonly result: IndicatorResult }) {
  const words = useLocale()
  return (
    <div class="indicator" data-indicator={result.indicator}>
      <div class="indicator-value">
        <p class="figure">{valueText(result.value, result.unit, words)}</p>
        <Verdict code={result.verdict} />
      </div>
      <p class="indicator-reason">{words.text(result.reason)}</p>
      <ResultCoverage result={result} />
      <ResultFacts result={result} />
      <details>
        <summary>{words.t('indicator.formula')}</summary>
        <p class="rule">{words.text(result.formula)}</p>
      </details>
      <details>
        <summary>
          {words.t('indicator.clause')} ({result.clause.length})
        </summary>
        <ResultClauses result={result} />
      </details>
      {result.notes.length > 0 && (
        <details>
          <summary>
            {words.t('indicator.notes')} ({result.notes.length})
          </summary>
          <ResultNotes result={result} />
        </details>
      )}
      <details>
        <summary>{words.t('indicator.inputs', { n: result.inputs.length })}</summary>
        <InputTable result={result} />
        {Object.keys(result.parameters).length > 0 && (
          <ParameterTable parameters={result.parameters} />
        )}
      </details>
      <p class="fine">
        {words.t('indicator.version', { id: result.indicator, version: result.version })}
      </p>
    </div>
  )
}
