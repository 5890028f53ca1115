"""Every error of Cratewise, as one tree; each message is a sentence for whoever reads it.

CratewiseError
├── SettingError            a setting makes no sense
├── MoneyError              a price or a currency makes no sense
│   └── UnknownCurrency
├── RatesUnavailable        the currencies' rates cannot be read or fetched
├── PresetError             a keeper rule makes no sense
├── PostageError            what sending records costs makes no sense
├── ScheduleError           nothing can be done, or kept, so often or so long
├── AlertError              what was found cannot be told so
│   ├── AddressRefused      nothing may be sent there
│   ├── DeliveryFailed      nobody took it
│   └── SearchExists        another saved search is called so
├── UnreadSeller            nothing of a seller is kept yet
├── NotKept                 nothing of that number is kept
│   ├── UnknownListing
│   ├── UnknownRelease
│   ├── UnknownPull
│   ├── UnknownProfile      of an artist, a label or a style
│   ├── UnknownMaster
│   ├── UnknownPostage
│   ├── UnknownSchedule
│   ├── UnknownSearch
│   ├── UnknownPreset       no keeper rule is called so
│   ├── UnknownAlert
│   ├── UnknownEntry        of the outbox
│   ├── UnknownJudgement
│   └── UnknownPick
├── FilterError             a search makes no sense
│   ├── SwappedRange        from more to less
│   └── UnknownTerm         no genre or style is called so
├── StoreError              the database cannot do what was asked
│   ├── StoreUnavailable    not reachable, or locked for too long
│   ├── StoreFull           no space left
│   ├── SchemaMismatch      the schema is newer than this program
│   ├── StoreNotEmpty       something is kept where nothing may be
│   └── BackupRefused       a file is no backup, a broken one, or too new
├── DiscogsError            Discogs, or the way to it, refused
│   ├── DiscogsUnreachable  no network, no name, no answer in time
│   ├── DiscogsBroken       an answer that is none: 5xx, HTML, cut-off JSON
│   ├── RateLimited         429
│   │   ├── CircuitOpen     too many of them in a row
│   │   └── PicturesSpent   as many pictures as the image host bears
│   ├── NotAuthenticated    401: token missing, wrong or revoked
│   ├── SealBroken          a stored credential cannot be opened
│   │   └── NotConnected    a member did not let Cratewise act for them
│   ├── NotAllowed          403
│   │   └── PrivateList     a wantlist or a collection that is its owner's alone
│   ├── NotFound            404
│   │   └── UnknownSeller   no such user, or deleted
│   │       └── ImpossibleName
│   ├── InvalidRequest      422 and other 4xx
│   └── WaitAbandoned       we were told to stop while waiting for Discogs
├── PullError               a pull cannot begin or go on
│   ├── SellerSuspended
│   ├── PullUnderWay        cannot be done while a pull goes on
│   └── PullStopped         interrupted; what was read is kept
├── NotCheckable            a listing that Discogs cannot be asked for
├── BadListing              one listing makes no sense; it costs itself alone
├── UnknownJob              never asked for, or long over
├── TasteError              a taste cannot be learnt or told
│   ├── UnknownModel        no kind of model is called so
│   ├── UnreadableListing   not a mapping of names to values
│   ├── TooFewVerdicts      none, of one kind only, or not one for each listing
│   ├── NotTrained          asked before it was fitted
│   ├── UnknownVersion      no refit of that number was made
│   └── ModelRefused        a kept model is damaged, or was never ours
├── NothingToPick           no listing may become the record of the day
├── VoteRefused             a vote is not from 1 to 5
├── CrateError              no crate keeps to what was asked
│   ├── BudgetTooSmall      nothing can be bought for it
│   └── ImpossibleMust      what must be in the crate cannot be
├── PeopleError             somebody may not come in, or may not do this
│   ├── PairingRefused      the code is wrong, used or too old
│   ├── NotSignedIn
│   ├── SignInRefused       name or password is wrong
│   ├── TooManyAttempts     guessing is stopped for a while
│   ├── WeakPassword
│   ├── InvitationRefused   unknown, used up or too old
│   ├── AccountTaken        somebody has the name
│   ├── UnknownMember
│   ├── OwnersOnly
│   ├── LastOwner           nobody could let anybody in any more
│   ├── ForeignSite         asked by another site, or by another name
│   ├── NotAllowedHere      recognised, but may not do this
│   └── TooManyRequests     a token asks too often
├── ExportFailed            a file cannot be written
├── CatalogError            the catalogue of releases cannot be used
│   ├── NoCatalog           none was imported here
│   ├── BrokenCatalog       its file is damaged, or was never ours
│   ├── ImportUnderWay      another process imports one
│   └── ImportStopped       interrupted; the same import goes on there
├── DumpUnavailable         a monthly dump cannot be fetched
└── ImportRefused           a file is not what it should be
    ├── WrongColumns
    ├── WrongDump           no dump of releases or masters
    ├── TruncatedDump       it ends in the middle
    ├── BrokenDump          damaged
    └── WrongChecksum       not the file that its checksum was made of

What a program needs of an error is an attribute of it; what an HTTP client or a
shell is told is decided at the doors (`api`, `cli`).
"""

import shlex
from collections.abc import Sequence
from pathlib import Path


class CratewiseError(Exception):
    """Anything that Cratewise can say no with."""


class SettingError(CratewiseError):
    """A setting makes no sense."""

    def __init__(self, name: str, problem: str) -> None:
        self.name, self.problem = name, problem
        super().__init__(f"{name}: {problem}")


class MoneyError(CratewiseError):
    """A price or a currency makes no sense."""


class UnknownCurrency(MoneyError):
    """Not one of the currencies that we can count in."""

    def __init__(self, currency: str) -> None:
        self.currency = currency
        super().__init__(f"{currency!r} is not a currency that Cratewise knows.")


class RatesUnavailable(CratewiseError):
    """The currencies' rates cannot be read or fetched; those known before still hold."""


class PresetError(CratewiseError):
    """A keeper rule makes no sense."""


class PostageError(CratewiseError):
    """What sending records is said to cost makes no sense."""


class ScheduleError(CratewiseError):
    """Nothing can be done, or kept, so often or so long."""


class AlertError(CratewiseError):
    """What was found cannot be told as asked."""


class AddressRefused(AlertError):
    """Nothing may be sent there: no address, or one inside a private network."""


class DeliveryFailed(AlertError):
    """Nobody took what was sent; it is tried again."""


class SearchExists(AlertError):
    """Another saved search is called so."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"A search called {name!r} is saved already.")


class UnreadSeller(CratewiseError):
    """A seller of whom nothing is kept: misspelt, or never pulled.

    similar  kept sellers whose names are nearly so, the nearest first.
    """

    def __init__(self, seller: str, similar: Sequence[str] = ()) -> None:
        self.seller = seller
        self.similar = tuple(similar)
        meant = f"  Did you mean {' or '.join(self.similar)}?" if similar else ""
        super().__init__(
            f"Nothing of the seller {seller!r} is kept; "
            f"`cratewise pull {shlex.quote(seller)}` reads their stock.{meant}"
        )


class NotKept(CratewiseError):
    """Nothing of that number is kept."""


class UnknownListing(NotKept):
    """No listing of that number was ever read, or it went with its seller."""

    def __init__(self, listing_id: int) -> None:
        self.listing_id = listing_id
        super().__init__(f"No listing {listing_id} is kept.")


class UnknownSearch(NotKept):
    """No search of that number or name is saved."""

    def __init__(self, search: int | str) -> None:
        self.search = search
        super().__init__(f"No search {search} is saved.")


class UnknownPreset(NotKept):
    """No keeper rule of that name is kept."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"There is no preset {name!r}.")


class UnknownAlert(NotKept):
    """No alert of that number was made, or none has this address."""

    def __init__(self, alert_id: int | None) -> None:
        self.alert_id = alert_id
        meant = "of this address" if alert_id is None else alert_id
        super().__init__(f"There is no alert {meant}.")


class UnknownRelease(NotKept):
    """No listing of that release was ever read."""

    def __init__(self, release_id: int) -> None:
        self.release_id = release_id
        super().__init__(f"Nothing of release {release_id} is kept: no listing of it was read.")


class UnknownProfile(NotKept):
    """Nothing is known of an artist, a label or a style.

    kind     'artist', 'label' or 'style'; asked: the name or number that was asked for.
    similar  those of whom something is known that are spelt much like it, the nearest first.
    """

    def __init__(self, kind: str, asked: str, similar: Sequence[str] = ()) -> None:
        self.kind = kind
        self.asked = asked
        self.similar = tuple(similar)
        meant = f"  Did you mean {' or '.join(self.similar)}?" if similar else ""
        super().__init__(
            f"Nothing is known of {'an' if kind == 'artist' else 'a'} {kind} {asked!r}: it stands "
            f"on no release that was read, as Discogs writes it, nor in the catalogue.{meant}"
        )


class UnknownMaster(NotKept):
    """No pressing of that master was ever met, or nobody told that it is one."""

    def __init__(self, master_id: int) -> None:
        self.master_id = master_id
        super().__init__(
            f"Nothing of master {master_id} is kept: no pressing of it was read or described."
        )


class UnknownPull(NotKept):
    """No such pull: never asked for, or so long over that its job is forgotten."""

    def __init__(self, pull_id: str) -> None:
        self.pull_id = pull_id
        super().__init__(f"There is no pull {pull_id!r}.")


class UnknownJudgement(NotKept):
    """No verdict of that number was given, or none that could be undone."""

    def __init__(self, judgement_id: int | None = None) -> None:
        self.judgement_id = judgement_id
        super().__init__(
            "There is no verdict to undo."
            if judgement_id is None
            else f"You gave no verdict {judgement_id}."
        )


class UnknownEntry(NotKept):
    """The outbox has no such entry: never asked for, or undone."""

    def __init__(self, entry_id: int) -> None:
        self.entry_id = entry_id
        super().__init__(f"The outbox has no entry {entry_id}: it was undone, or never asked for.")


class UnknownPostage(NotKept):
    """No rule of postage has that number."""

    def __init__(self, postage_id: int) -> None:
        self.postage_id = postage_id
        super().__init__(f"There is no rule {postage_id} of postage.")


class UnknownSchedule(NotKept):
    """Nothing is done by itself, or kept for a while, under that name."""

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        self.name = name
        self.known = known
        super().__init__(f"{name!r} is none of {', '.join(known)}.")


class FilterError(CratewiseError):
    """A search makes no sense.

    term  which part of it: "styles", "year".
    """

    term: str


class SwappedRange(FilterError):
    """A range that begins above its end."""

    def __init__(self, term: str, low: str, high: str) -> None:
        self.term = term
        super().__init__(
            f"{term.replace('_', '/')}: nothing lies from {low} to {high}; swap the two."
        )


class UnknownTerm(FilterError):
    """No listing that was read is of that genre or style.

    term     where it was asked for: "genres", "styles", "all_styles" or "no_styles".
    similar  those that are spelt much like it, the nearest first.
    """

    def __init__(self, term: str, name: str, similar: Sequence[str] = ()) -> None:
        self.term = term
        self.name = name
        self.similar = tuple(similar)
        meant = f"; did you mean {' or '.join(self.similar)}?" if similar else "."
        terms = "genres" if term == "genres" else "styles"
        super().__init__(f"No listing that was read has {name!r} among its {terms}{meant}")


class StoreError(CratewiseError):
    """The database cannot do what was asked of it."""


class StoreUnavailable(StoreError):
    """The database does not answer, or stays locked by another process."""


class StoreFull(StoreError):
    """No space is left where the database lies."""


class SchemaMismatch(StoreError):
    """The database was written by a newer Cratewise."""


class StoreNotEmpty(StoreError):
    """Something is kept in a database into which another is to be copied."""

    def __init__(self, place: str) -> None:
        super().__init__(
            f"The database at {place} is not empty, and nothing in it is overwritten: "
            "name an empty one."
        )
        self.place = place


class StoreMissing(StoreError):
    """There is no database where one is to be copied from."""

    def __init__(self, place: str) -> None:
        super().__init__(f"There is no database at {place}.")
        self.place = place


class CopyDiffers(StoreError):
    """A copy does not count what the original counts, and was undone."""

    def __init__(self, table: str, there: int, here: int) -> None:
        super().__init__(
            f"Of {there:,} rows of {table} {here:,} arrived, so nothing was kept of the copy."
        )
        self.table = table


class BackupRefused(StoreError):
    """A file is no backup of Cratewise's, is damaged, or was written by a newer one."""


class DiscogsError(CratewiseError):
    """Discogs, or the way to it, refused.

    status  the HTTP status, None when no answer came.
    """

    def __init__(self, sentence: str, *, status: int | None = None) -> None:
        self.status = status
        super().__init__(sentence)


class DiscogsUnreachable(DiscogsError):
    """No network, no name, or no answer in time."""


class DiscogsBroken(DiscogsError):
    """An answer that is none: a 5xx, an HTML page, a body cut off."""


class RateLimited(DiscogsError):
    """Discogs asked us to slow down."""

    def __init__(self, retry_in_seconds: float) -> None:
        self.retry_in_seconds = retry_in_seconds
        super().__init__(
            f"Discogs asks us to wait {max(retry_in_seconds, 1):.0f} s before asking again.",
            status=429,
        )


class PicturesSpent(RateLimited):
    """As many pictures were asked for as Discogs' image host bears in a minute."""


class CircuitOpen(RateLimited):
    """Discogs has refused so often in a row that nobody asks for a while.

    refusals  429s in a row.
    """

    def __init__(self, refusals: int, retry_in_seconds: float) -> None:
        self.refusals = refusals
        self.retry_in_seconds = retry_in_seconds
        DiscogsError.__init__(
            self,
            f"Discogs has refused {refusals} times in a row: nothing is sent for "
            f"{max(retry_in_seconds, 1):.0f} s, then one request to try.",
            status=429,
        )


class NotAuthenticated(DiscogsError):
    """The token is missing, wrong or revoked."""


class NotConnected(NotAuthenticated):
    """A member did not let Cratewise act for them, or not in time."""


class SealBroken(DiscogsError):
    """A stored credential cannot be opened."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"The stored Discogs credential cannot be opened: {reason}.  "
            "`cratewise connect --token` stores it anew."
        )


class NotAllowed(DiscogsError):
    """Discogs does not let us see or do this."""


class PrivateList(NotAllowed):
    """A wantlist or a collection that its owner shows to nobody.

    what  'wantlist' or 'collection'.
    """

    def __init__(self, owner: str, what: str) -> None:
        self.owner = owner
        self.what = what
        super().__init__(
            f"The {what} of {owner!r} is private: connect that account with `cratewise connect`, "
            "or make the list public in Discogs' privacy settings.",
            status=403,
        )


class NotFound(DiscogsError):
    """Discogs has no such thing."""


class UnknownSeller(NotFound):
    """Nobody of that name sells on Discogs, or the account was deleted."""

    def __init__(self, seller: str) -> None:
        self.seller = seller
        super().__init__(
            f"Discogs knows no seller {seller!r}: check the spelling, "
            "or the account was deleted or renamed.",
            status=404,
        )


class ImpossibleName(UnknownSeller):
    """No seller can be called so; Discogs was not asked."""

    def __init__(self, seller: str) -> None:
        self.seller = seller
        NotFound.__init__(
            self,
            f"{seller!r} cannot be a seller's name: give it as it stands in the shop's address, "
            "such as alice in www.discogs.com/seller/alice.",
        )


class InvalidRequest(DiscogsError):
    """Discogs did not understand what we asked."""


class WaitAbandoned(DiscogsError):
    """Whoever waited for Discogs was told to stop."""

    def __init__(self) -> None:
        super().__init__("Stopped while waiting for Discogs; nothing was lost.")


class PullError(CratewiseError):
    """A pull cannot begin or go on."""


class SellerSuspended(PullError):
    """Discogs has suspended this seller's marketplace account."""

    def __init__(self, seller: str) -> None:
        self.seller = seller
        super().__init__(
            f"Discogs has suspended {seller!r} from selling: there is no stock to read."
        )


class PullUnderWay(PullError):
    """Something cannot be done while a seller is being pulled."""

    def __init__(self, seller: str) -> None:
        self.seller = seller
        super().__init__(f"{seller!r} is being pulled: cancel that, or wait until it has ended.")


class PullStopped(PullError):
    """A pull was interrupted; what it read is kept, and it can be taken up again."""

    def __init__(self, seller: str, pull_id: int) -> None:
        self.seller = seller
        self.pull_id = pull_id
        super().__init__(
            f"The pull of {seller!r} was stopped; what was read is kept. "
            "Pull again to go on where it stopped."
        )


class NotCheckable(CratewiseError):
    """A listing was imported without Discogs' number, so Discogs cannot be asked for it."""

    def __init__(self, listing_id: int) -> None:
        self.listing_id = listing_id
        super().__init__(
            f"Listing {listing_id} came from a file that did not tell Discogs' number of it, so it "
            "cannot be checked; a pull of its seller will meet it."
        )


class BadListing(CratewiseError):
    """One listing of a page or of a file makes no sense; the others do."""


class UnknownJob(CratewiseError):
    """No such job: never asked for, or over for so long that it was forgotten."""

    def __init__(self, job_id: str) -> None:
        self.job_id = job_id
        super().__init__(f"There is no job {job_id!r}: it is long over, or was never asked for.")


class TasteError(CratewiseError):
    """A taste cannot be learnt from these verdicts, or told of these listings."""


class UnknownModel(TasteError):
    """No kind of model is called so."""

    def __init__(self, name: str, known: Sequence[str]) -> None:
        self.name = name
        self.known = tuple(known)
        super().__init__(f"No model is called {name!r}; there are {', '.join(known)}.")


class UnreadableListing(TasteError):
    """One of the listings is no mapping of names to values.

    place  where it stands among them, from 0.
    """

    def __init__(self, place: int, found: str) -> None:
        self.place = place
        super().__init__(
            f"Listing {place} of those given is a {found}, not a mapping of names to values."
        )


class TooFewVerdicts(TasteError):
    """There is nothing to tell keeps from skips by.

    keeps, skips  how many count: those with a weight above 0.
    """

    def __init__(self, sentence: str, *, keeps: int = 0, skips: int = 0) -> None:
        self.keeps = keeps
        self.skips = skips
        super().__init__(sentence)


class NotTrained(TasteError):
    """A model was asked before it was fitted."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"The model {name!r} has learnt from no verdict yet: fit it first.")


class UnknownVersion(TasteError):
    """No refit of that number was made.

    known  the versions that there are, the newest first.
    """

    def __init__(self, version: int, known: Sequence[int]) -> None:
        self.version = version
        self.known = tuple(known)
        there = f"there are {', '.join(map(str, known[:10]))}" if known else "there is none yet"
        super().__init__(f"There is no version {version} of your taste; {there}.")


class ModelRefused(TasteError):
    """A kept model is damaged, or was never ours; nothing of it was run."""

    def __init__(self, path: Path, problem: str) -> None:
        self.path = path
        super().__init__(f"{path} is not used as a model: {problem}.")


class UnknownPick(NotKept):
    """No such record of the day."""

    def __init__(self, pick_id: int) -> None:
        self.pick_id = pick_id
        super().__init__(f"There is no record of the day {pick_id}.")


class NothingToPick(CratewiseError):
    """Nothing that is for sale may become the record of the day."""


class VoteRefused(CratewiseError):
    """A vote is a whole number from 1 to 5.

    field  'desirability' or 'novelty'
    """

    def __init__(self, field: str, told: int) -> None:
        self.field = field
        super().__init__(f"{field}: {told} is no vote; give 1, little, to 5, much.")


class CrateError(CratewiseError):
    """No crate keeps to everything that was asked of it."""


class BudgetTooSmall(CrateError):
    """Not even one record can be had for the budget.

    needed_minor  what the cheapest order costs, in minor units of the budget's currency;
                  None where nothing is for sale at all.
    """

    def __init__(self, sentence: str, *, needed_minor: int | None) -> None:
        self.needed_minor = needed_minor
        super().__init__(sentence)


class ImpossibleMust(CrateError):
    """What must be in the crate cannot be.

    listing_ids  our own ids of those that cannot.
    """

    def __init__(self, sentence: str, listing_ids: Sequence[int]) -> None:
        self.listing_ids = tuple(listing_ids)
        super().__init__(sentence)


class PeopleError(CratewiseError):
    """Somebody may not come in, or may not do this."""


class NotSignedIn(PeopleError):
    """Nobody signed in."""

    def __init__(self) -> None:
        super().__init__("Sign in first, or send a token of yours as `Authorization: Bearer ...`.")


class SignInRefused(PeopleError):
    """Name or password is wrong; which of them is not told."""

    def __init__(
        self, sentence: str = "Name or password is wrong, or the account may not sign in."
    ) -> None:
        super().__init__(sentence)


class TooManyAttempts(PeopleError):
    """Guessing is stopped for a while."""

    def __init__(self, retry_in_seconds: float) -> None:
        minutes = max(1, round(retry_in_seconds / 60))
        super().__init__(f"Too many attempts failed; try again in {minutes} minutes.")
        self.retry_in_seconds = retry_in_seconds


class WeakPassword(PeopleError):
    """A password that is too short to be one, or too long to be hashed."""

    def __init__(self, shortest: int) -> None:
        super().__init__(f"A password needs {shortest} letters or more, 1,000 at most.")


class InvitationRefused(PeopleError):
    """Unknown, used up or too old."""

    def __init__(self) -> None:
        super().__init__("This invitation was used, withdrawn or is too old: ask for another.")


class PairingRefused(PeopleError):
    """The code that lets a device in is wrong, was used or is too old."""


class AccountTaken(PeopleError):
    """Somebody has the name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"Somebody is called {name!r} here already: choose another name.")
        self.name = name


class UnknownMember(PeopleError):
    """No account, session, token or invitation is called or numbered so."""

    def __init__(self, what: str) -> None:
        super().__init__(f"There is no {what}.")


class OwnersOnly(PeopleError):
    """A member asked for what only owners may."""

    def __init__(self) -> None:
        super().__init__("Only an owner of this installation may do this.")


class LastOwner(PeopleError):
    """The last owner was to be shut out: nobody could let anybody in any more."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is the only owner: invite another owner first.")


class ForeignSite(PeopleError):
    """Asked by another site, or by a name that is not this server's."""


class NotAllowedHere(PeopleError):
    """Whoever asks is recognised, but may not do this; `kind` tells programs why."""

    def __init__(self, sentence: str, kind: str) -> None:
        super().__init__(sentence)
        self.kind = kind


class TooManyRequests(PeopleError):
    """A token asks too often."""

    def __init__(self, retry_in_seconds: float) -> None:
        super().__init__("This token asks more often than 600 times a minute; wait a little.")
        self.retry_in_seconds = retry_in_seconds


class ExportFailed(CratewiseError):
    """A file cannot be written; under its name stands what stood there before."""

    def __init__(self, path: Path, problem: str) -> None:
        self.path = path
        super().__init__(f"{path} cannot be written: {problem}.")


class CatalogError(CratewiseError):
    """The catalogue of releases cannot be used; the listings can."""


class NoCatalog(CatalogError):
    """No catalogue was imported on this machine.

    wanted  what there is none of: 'catalogue', or 'previous catalogue'.
    """

    def __init__(self, path: Path, wanted: str = "catalogue") -> None:
        self.path = path
        super().__init__(
            f"There is no {wanted} at {path}; `cratewise catalog import latest` makes one."
        )


class BrokenCatalog(CatalogError):
    """A catalogue's file is damaged, or was never one."""

    def __init__(self, path: Path, problem: str) -> None:
        self.path = path
        # Whether that can be used shows when it is opened; of itself it would be no advice.
        before = path.with_suffix(f".previous{path.suffix}")
        back = ", `cratewise catalog rollback` goes back to the one before" * before.exists()
        super().__init__(
            f"The catalogue {path} cannot be used: {problem}.  `cratewise catalog import latest` "
            f"makes another{back}."
        )


class ImportUnderWay(CatalogError):
    """Another process imports a catalogue into the same folder."""

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(f"Another process is importing into {path}; wait until it has ended.")


class ImportStopped(CatalogError):
    """An import was interrupted; the same import goes on where it stopped."""

    def __init__(self) -> None:
        super().__init__(
            "The import was stopped; what was read is kept, and the same import goes on there."
        )


class DumpUnavailable(CratewiseError):
    """A monthly dump cannot be fetched; the catalogue stays as it is."""


class ImportRefused(CratewiseError):
    """A file is not what it should be."""


class WrongDump(ImportRefused):
    """No monthly dump, or the one of something else.

    found   which dump it is: 'artists', 'labels', ...; "" for no dump at all.
    wanted  which was expected: 'releases' or 'masters'.
    """

    def __init__(self, path: Path, found: str = "", wanted: str = "releases") -> None:
        self.path = path
        self.found = found
        self.wanted = wanted
        what = f"is the dump of {found}" if found else "is no monthly dump of Discogs"
        super().__init__(
            f"{path} {what}: expected the one of {wanted}, "
            f"such as discogs_20261001_{wanted}.xml.gz.  The catalogue stays as it is."
        )


class TruncatedDump(ImportRefused):
    """A dump ends in the middle.

    at  bytes of the file that are there.
    """

    def __init__(self, path: Path, at: int) -> None:
        self.path = path
        self.at = at
        super().__init__(
            f"{path} ends in the middle, after {at:,} bytes: the download was cut off.  Fetch the "
            "rest and import again, which goes on where this stopped; the catalogue stays as it is."
        )


class BrokenDump(ImportRefused):
    """A dump is damaged.

    at  near which byte of the file.
    """

    def __init__(self, path: Path, problem: str, *, at: int) -> None:
        self.path = path
        self.at = at
        super().__init__(
            f"{path} is damaged near byte {at:,} ({problem.strip().rstrip('.')}): fetch it again.  "
            "The catalogue stays as it is."
        )


class WrongChecksum(ImportRefused):
    """A dump is not the file that its checksum was made of."""

    def __init__(self, path: Path, problem: str) -> None:
        self.path = path
        super().__init__(f"{path} is not used: {problem}.  The catalogue stays as it is.")


class WrongColumns(ImportRefused):
    """A file lacks columns that it should have: it is another kind of file.

    missing, found  names of columns.
    """

    def __init__(
        self,
        file: str,
        *,
        missing: Sequence[str],
        found: Sequence[str],
        what: str = "inventory export",
    ) -> None:
        self.missing = tuple(missing)
        self.found = tuple(found)
        super().__init__(
            f"{file} is not Discogs' {what}: it has no column {', '.join(missing)}; "
            f"found {', '.join(found)}."
        )
