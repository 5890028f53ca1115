import { Bones } from './Bones'

/** The place of one record and what is said of it, before they are known. */
export function RecordBones() {
  return (
    <div className="grid gap-6 pt-16 tablet:grid-cols-[minmax(0,22rem)_minmax(0,1fr)] desk:grid-cols-[minmax(0,26rem)_minmax(0,1fr)_minmax(0,24rem)] desk:gap-10">
      <div className="mr-[17%] aspect-square rounded-paper bg-tag" />
      <Bones lines={8} />
      <Bones lines={3} />
    </div>
  )
}
