import type { AssessedItem } from '../../api/assessment-contract.js'
import type { IndicatorResult } from '../../api/contract.js'
import { useLocale } from '../../i18n/locale.js'
import type { Assessment } from '../../state/assessment.js'
import { ParameterTable, ResultClauses } from '../result-evidence.js'

type Parameters = IndicatorResult['parameters']

/** The rules by which the findings of an item were made: each once, for all of its findings. */
export function Methods(props: { readonly assessment: Assessment; readonly item: AssessedItem }) {
  const { assessment, item } = props
  const words = useLocale()
  return (
    <>
      {methodsOf(item).map(({ key, result, parameters }) => (
        <section key={key} class="method" data-method={result.indicator}>
          <h3>{words.t('assess.method', { title: words.text(result.title) })}</h3>
          <p class="rule">{words.text(result.formula)}</p>
          <ResultClauses result={result} />
          <h4>{words.t('indicator.parameters')}</h4>
          <ParameterTable
            parameters={parameters}
            described={parametersDescribed(assessment, result)}
          />
          <p class="fine">
            {words.t('indicator.version', { id: result.indicator, version: result.version })}
          </p>
        </section>
      ))}
    </>
  )
}

/** What the API says of the parameters of an indicator; a kept file may be of another version. */
export function parametersDescribed({ indicators }: Assessment, result: IndicatorResult) {
  return indicators.state.value.data?.find(
    ({ id, version }) => id === result.indicator && version === result.version,
  )?.parameters
}

/** The parameters that a result does not share with all others of its method; empty as a rule. */
export function ownParameters(item: AssessedItem, result: IndicatorResult): Parameters {
  const common = methodsOf(item).find(({ key }) => key === keyOf(result))?.parameters ?? {}
  return Object.fromEntries(Object.entries(result.parameters).filter(([name]) => !(name in common)))
}

interface Method {
  readonly key: string
  /** One of its results: title, formula and clauses are those of all. */
  readonly result: IndicatorResult
  /** Those with the same value in all of its results. */
  readonly parameters: Parameters
}

function methodsOf({ findings }: AssessedItem): readonly Method[] {
  const results = findings.flatMap(({ result }) => (result === null ? [] : [result]))
  return [...new Set(results.map(keyOf))].flatMap((key) => {
    const [result, ...others] = results.filter((candidate) => keyOf(candidate) === key)
    if (result === undefined) return []
    const common = Object.entries(result.parameters).filter(([name, value]) =>
      others.every((other) => other.parameters[name] === value),
    )
    return [{ key, result, parameters: Object.fromEntries(common) }]
  })
}

function keyOf({ indicator, version, formula }: IndicatorResult): string {
  return `${indicator} ${version} ${formula.en}`
}
