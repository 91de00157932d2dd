import { useLocale } from '../../i18n/locale.js'
import { Card } from '../../parts/card.js'
import { Table } from '../../parts/table.js'
import type { Assessment, Shown } from '../../state/assessment.js'
import { ItemLink } from './item-link.js'

/** How the points came about: by group, and step by step. */
export function ScoreCard(props: { readonly assessment: Assessment; readonly shown: Shown }) {
  const { assessment, shown } = props
  const words = useLocale()
  const { score, scoreLabel, groups } = shown.document
  if (score === null) return null
  return (
    <Card
      id="score"
      title={words.t('assess.scoreTitle')}
      aside={scoreLabel !== null && <span class="muted">{words.text(scoreLabel)}</span>}
    >
      <Table
        caption={words.t('assess.groupScores')}
        rows={groups}
        rowKey={({ group }) => group}
        empty="—"
        columns={[
          {
            key: 'group',
            head: words.t('assess.group'),
            cell: ({ name }) => words.text(name),
            rowHead: true,
          },
          {
            key: 'points',
            head: words.t('assess.points'),
            cell: (group) =>
              words.t('assess.pointsOf', {
                points: words.number(group.score.points, 2),
                max: words.number(group.score.applicable, 2),
              }),
            align: 'end',
          },
          {
            key: 'score',
            head: words.t('assess.scoreOf100'),
            cell: (group) => words.number(group.score.score),
            align: 'end',
          },
          {
            key: 'reachable',
            head: words.t('assess.reachableHead'),
            cell: (group) => words.number(group.score.reachable),
            align: 'end',
          },
        ]}
      />
      <h3 class="card-part">{words.t('assess.steps')}</h3>
      <Table
        caption={words.t('assess.steps')}
        rows={score.steps}
        rowKey={({ item }) => item}
        empty="—"
        columns={[
          {
            key: 'item',
            head: words.t('assess.item'),
            cell: ({ item }) => <ItemLink assessment={assessment} shown={shown} id={item} />,
            rowHead: true,
          },
          {
            key: 'points',
            head: words.t('assess.points'),
            cell: ({ share, points }) =>
              share === null ? words.t('verdict.NOT_APPLICABLE') : words.number(points, 2),
            sortBy: ({ share, points }) => (share === null ? null : points),
            align: 'end',
          },
          {
            key: 'max',
            head: words.t('assess.max'),
            cell: ({ max }) => words.number(max, 2),
            sortBy: ({ max }) => max,
            align: 'end',
          },
          {
            key: 'why',
            head: words.t('assess.why'),
            cell: ({ why }) => <span class="sub wide">{words.text(why)}</span>,
          },
        ]}
      />
    </Card>
  )
}
