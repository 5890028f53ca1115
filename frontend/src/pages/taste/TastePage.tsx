import { useQuery } from '@tanstack/react-query'

import type { Schema } from '@/api/server'
import { likes, models, taste, useRefit, useVersion } from '@/features/taste/queries'
import { count, moment } from '@/lib/format'
import { text } from '@/lib/text'
import { Asked } from '@/ui/Asked'
import { Bones } from '@/ui/Bones'
import { Button } from '@/ui/Button'
import { PageHead } from '@/ui/PageHead'
import { Section } from '@/ui/Section'

/** What was learned of what you keep, how good it is, and the way back. */
export function TastePage() {
  const refit = useRefit()
  return (
    <>
      <PageHead
        title={text.tabs.taste}
        end={
          <Button isBusy={refit.isPending} onClick={() => refit.mutate()}>
            {text.taste.refit}
          </Button>
        }
      />
      <Asked query={useQuery(taste())} meanwhile={<Bones lines={3} />}>
        {(now) => (
          <div className="mb-7 grid gap-2 text-lead">
            <p>{now.sentence}</p>
            {now.missing && <p className="text-ink-2">{now.missing}</p>}
            <p className="font-data text-data text-ink-2">{text.triage.counts(now.keeps, now.skips)}</p>
          </div>
        )}
      </Asked>
      <div className="grid gap-7 desk:grid-cols-[minmax(0,1fr)_380px] desk:gap-11">
        <Asked query={useQuery(likes())} meanwhile={<Bones lines={8} />}>
          {(found) => <AllLikes likes={found} />}
        </Asked>
        <Versions />
      </div>
    </>
  )
}

function AllLikes({ likes: found }: { likes: Schema['Likes'] }) {
  const groups = [
    [text.taste.styles, found.styles],
    [text.taste.labels, found.labels],
    [text.taste.artists, found.artists],
    [text.taste.decades, found.decades],
  ] as const
  return (
    <div className="grid content-start gap-7 tablet:grid-cols-2">
      {groups.map(([name, values]) => (
        <Section key={name} title={name} note={text.taste.keptOf}>
          {values.length === 0 && <p className="text-ink-2">{text.taste.none}</p>}
          <ul className="font-data text-data">
            {values.slice(0, 10).map((like) => (
              <LikeBar key={like.name} like={like} />
            ))}
          </ul>
        </Section>
      ))}
    </div>
  )
}

function LikeBar({ like }: { like: Schema['Like'] }) {
  const all = like.keeps + like.skips
  return (
    <li className="grid min-h-7 grid-cols-[minmax(0,1fr)_7rem_4rem] items-center gap-2">
      <span className="truncate">{like.name}</span>
      <svg viewBox="0 0 100 10" preserveAspectRatio="none" className="h-2.5 w-full" aria-hidden="true">
        <rect width="100" height="10" fill="var(--tag)" />
        <rect width={all ? (like.keeps / all) * 100 : 0} height="10" fill="var(--keep)" />
      </svg>
      <span className="text-right">{text.taste.of(like.keeps, all)}</span>
    </li>
  )
}

function Versions() {
  const use = useVersion()
  return (
    <Section title={text.taste.versions} note={text.taste.versionsNote}>
      <Asked query={useQuery(models())} meanwhile={<Bones lines={3} />}>
        {(found) =>
          found.models.length === 0 ? (
            <p className="text-ink-2">{text.taste.noVersions}</p>
          ) : (
            <ul className="font-data text-data">
              {found.models.map((model) => (
                <li key={model.version} className="grid gap-1 border-b border-rule py-2">
                  <span className="flex items-center justify-between gap-3">
                    <b>{text.taste.version(model.version, model.kind)}</b>
                    {model.is_live ? (
                      <span className="text-keep">{text.taste.live}</span>
                    ) : (
                      <Button isSmall isBusy={use.isPending} onClick={() => use.mutate(model.version)}>
                        {text.taste.use}
                      </Button>
                    )}
                  </span>
                  <span className="text-ink-2">
                    {moment(model.trained_at)} · {count(model.keeps + model.skips)} {text.taste.verdicts}
                  </span>
                  <span>{model.outcome}</span>
                </li>
              ))}
            </ul>
          )
        }
      </Asked>
      {use.error && (
        <p role="alert" className="mt-2 text-bad">
          {use.error.message}
        </p>
      )}
    </Section>
  )
}
