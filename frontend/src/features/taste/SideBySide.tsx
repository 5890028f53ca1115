import { moment, percent } from '@/lib/format'
import { text } from '@/lib/text'
import { Button } from '@/ui/Button'
import { Section } from '@/ui/Section'
import type { Schema } from '@/api/server'

import { useChoice, useRule, useVersion } from './queries'
import { type Figure, measured, type Model } from './report'

interface SideBySideProps {
  taste: Schema['Taste']
  models: readonly Model[]
}

/** Each kind of model by its newest version, beside the rule score and the base rate. */
export function SideBySide({ taste, models }: SideBySideProps) {
  const choice = useChoice()
  const words = text.taste
  const rows = taste.kinds.map((kind) => {
    const model = models.find((one) => one.kind === kind && measured(one, 'hold_out'))
    return { kind, model, found: model ? measured(model, 'hold_out') : null }
  })
  const compared = rows.find(({ found }) => found)?.found
  const top = (found: Record<string, Figure> | undefined, of: 'value' | 'rule' | 'base') => {
    const figure = found?.['10']
    const share = figure?.[of]
    return share === undefined || share === null ? '–' : words.ofTen(share)
  }
  return (
    <Section title={words.sideBySide} note={words.sideBySideNote}>
      <div className="overflow-x-auto" tabIndex={0} role="group" aria-label={words.sideBySide}>
        <table className="table">
          <thead>
            <tr>
              <th scope="col">{words.model}</th>
              {[words.precision, words.topTen, words.auc, words.off].map((name) => (
                <th key={name} scope="col" className="figure">
                  {name}
                </th>
              ))}
              <th scope="col">
                <span className="sr-only">{words.use}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ kind, found }) => (
              <tr key={kind} className={kind === taste.kind ? 'font-semibold' : ''}>
                <td>{kind}</td>
                <td className="figure">{found ? words.plusMinus(found.average_precision) : '–'}</td>
                <td className="figure">{top(found?.precision_at, 'value')}</td>
                <td className="figure">{found ? words.two(found.auc.value) : '–'}</td>
                <td className="figure">{found ? words.points(found.calibration_error) : '–'}</td>
                <td className="text-right">
                  {kind === taste.kind ? (
                    <span className="text-keep">{words.learning}</span>
                  ) : (
                    <Button isSmall isBusy={choice.isPending} onClick={() => choice.mutate({ kind: kind as NonNullable<Schema['TasteChange']['kind']> })}>
                      {words.learnWith}
                      <span className="sr-only">{`: ${kind}`}</span>
                    </Button>
                  )}
                </td>
              </tr>
            ))}
            {compared && (
              <>
                <tr className="text-ink-2">
                  <td>{words.ruleScore}</td>
                  <td className="figure">{words.two(compared.average_precision.rule)}</td>
                  <td className="figure">{top(compared.precision_at, 'rule')}</td>
                  <td className="figure">{words.two(compared.auc.rule)}</td>
                  <td className="figure">–</td>
                  <td />
                </tr>
                <tr className="text-ink-2">
                  <td>{words.baseRate}</td>
                  <td className="figure">{words.two(compared.average_precision.base)}</td>
                  <td className="figure">{top(compared.precision_at, 'base')}</td>
                  <td className="figure">{words.two(compared.auc.base)}</td>
                  <td className="figure">–</td>
                  <td />
                </tr>
              </>
            )}
          </tbody>
        </table>
      </div>
      <p className="note mt-2">{words.learnWithWhy}</p>
    </Section>
  )
}

/** Every refit; any may serve again, and so may the rule score. */
export function Versions({ taste, models }: SideBySideProps) {
  const use = useVersion()
  const rule = useRule()
  const words = text.taste
  const fault = use.error ?? rule.error
  return (
    <Section title={words.versions} note={words.versionsNote}>
      {models.length === 0 ? (
        <p className="text-ink-2">{words.noVersions}</p>
      ) : (
        <ul className="font-data text-data">
          {models.map((model) => (
            <li key={model.version} className="grid grid-cols-[2rem_minmax(0,1fr)_auto] items-center gap-x-3 border-b border-rule py-2">
              <b>{model.version}</b>
              <span>
                {`${moment(model.trained_at)} · ${model.kind} · ${words.learnedFrom(model.keeps + model.skips)}`}
                <span className="block text-ink-2">
                  {model.outcome} {words.cutsAt(percent(model.threshold))}
                </span>
              </span>
              {model.is_live ? (
                <b className="text-keep">{words.live}</b>
              ) : (
                <Button isSmall isBusy={use.isPending} onClick={() => use.mutate(model.version)}>
                  {words.rollBack(model.version)}
                </Button>
              )}
            </li>
          ))}
          <li className="grid grid-cols-[2rem_minmax(0,1fr)_auto] items-center gap-x-3 border-b border-rule py-2">
            <b>–</b>
            <span>{words.ruleScore}</span>
            {taste.live === null ? (
              <b className="text-keep">{words.live}</b>
            ) : (
              <Button isSmall isBusy={rule.isPending} onClick={() => rule.mutate()}>
                {words.useRule}
              </Button>
            )}
          </li>
        </ul>
      )}
      {fault && (
        <p role="alert" className="mt-2 text-bad">
          {fault.message}
        </p>
      )}
    </Section>
  )
}
