import { useLocale } from '../../i18n/locale.js'
import { Card } from '../../parts/card.js'
import { Table } from '../../parts/table.js'
import { Verdict } from '../../parts/verdict.js'
import type { Assessment, Shown } from '../../state/assessment.js'
import { ItemLink } from './item-link.js'
import { subjectName } from './subject-name.js'

/** Zone by zone: whether it complies, and which binding items keep it from that. */
export function ZoneCard(props: { readonly assessment: Assessment; readonly shown: Shown }) {
  const { assessment, shown } = props
  const words = useLocale()
  return (
    <Card id="zones" title={words.t('assess.zones')}>
      <Table
        caption={words.t('assess.zones')}
        rows={shown.document.zones}
        rowKey={({ zone }) => zone}
        empty={words.t('assess.noZones')}
        columns={[
          {
            key: 'zone',
            head: words.t('capture.zone'),
            cell: ({ zone }) => subjectName(assessment.city, zone, words),
            rowHead: true,
          },
          {
            key: 'verdict',
            head: words.t('ponding.verdict'),
            cell: ({ verdict }) => <Verdict code={verdict} />,
          },
          {
            key: 'area',
            head: words.t('assess.area'),
            cell: ({ areaM2 }) => words.quantity(areaM2, 'm2', 0),
            sortBy: ({ areaM2 }) => areaM2,
            align: 'end',
          },
          {
            key: 'open',
            head: words.t('assess.openItems'),
            cell: ({ open }) =>
              open.length === 0 ? (
                '—'
              ) : (
                <ul class="zone-open">
                  {open.map((id) => (
                    <li key={id}>
                      <ItemLink assessment={assessment} shown={shown} id={id} />
                    </li>
                  ))}
                </ul>
              ),
          },
        ]}
      />
    </Card>
  )
}
