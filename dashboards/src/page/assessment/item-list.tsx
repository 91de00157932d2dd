import { useLocale } from '../../i18n/locale.js'
import { Card } from '../../parts/card.js'
import { Unverified } from '../../parts/unverified.js'
import { Verdict } from '../../parts/verdict.js'
import type { Assessment, Shown } from '../../state/assessment.js'
import { valueText } from '../result-evidence.js'
import { ItemLink } from './item-link.js'
import type { ItemProps } from './item-props.js'

interface ItemListProps {
  readonly assessment: Assessment
  readonly shown: Shown
}

/** Every item, by the groups of the scheme. */
export function ItemList({ assessment, shown }: ItemListProps) {
  const words = useLocale()
  const { items, scheme } = shown.document
  const groups = [...new Set(items.map(({ group }) => group))]
  const known = assessment.schemes.state.value.data?.find(({ id }) => id === scheme.id)
  const name = (group: string): string => {
    const found =
      known?.groups.find(({ id }) => id === group) ??
      shown.document.groups.find((scored) => scored.group === group)
    return found === undefined ? group : words.text(found.name)
  }
  return (
    <Card id="items" title={words.t('assess.items')}>
      <div class="item-groups">
        {groups.map((group) => (
          <section key={group} aria-labelledby={`group-${group}`} data-group={group}>
            <h3 id={`group-${group}`}>{name(group)}</h3>
            <ul>
              {items
                .filter((item) => item.group === group)
                .map((item) => (
                  <li key={item.id} data-item={item.id}>
                    <ItemEntry assessment={assessment} shown={shown} item={item} />
                  </li>
                ))}
            </ul>
          </section>
        ))}
      </div>
    </Card>
  )
}

function ItemEntry({ assessment, shown, item }: ItemProps) {
  const words = useLocale()
  const isOpen = assessment.itemId.value === item.id
  return (
    <div class={`item-entry ${isOpen ? 'item-entry-open' : ''}`}>
      <p class="item-name">
        <ItemLink assessment={assessment} shown={shown} id={item.id} class="item-link" />
        <span class="fine">
          {item.id} · {words.t(`assess.${item.binding}`)} {item.unverified && <Unverified />}
        </span>
      </p>
      <p class="item-verdict">
        <Verdict code={item.verdict} />
      </p>
      <p class="item-value">{valueText(item.value, item.unit, words)}</p>
      <p class="item-reason">{words.text(item.reason)}</p>
    </div>
  )
}
