"""The matching engine: keeps its index up to date with what is committed, and answers queries."""

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from matching.background import ENCODER_ROLES, PROFILE, Background
from matching.eligibility.conditions import Eligibility, decide_eligible
from matching.eligibility.left_out import list_left_out
from matching.eligibility.relaxation import find_relaxations
from matching.encoders.contract import Progress, TextEncoder
from matching.encoding import encode_texts
from matching.index.rows import Index, RowMissing
from matching.index.snapshot import Origin, SnapshotFolder
from matching.ranking.explaining import explain
from matching.ranking.last_needs import LastNeeds
from matching.ranking.needs import Need
from matching.ranking.ranker import Ranked, Ranker
from matching.ranking.rankers import Rankers, forget_history
from matching.ranking.reranking import PairReader, TextsUnread
from matching.ranking.roles_in_use import ReadRoles, RolesInUse
from matching.ranking.weights import SHIPPED, Weights
from matching.records import (
    ChangeSource,
    LeftOutList,
    MatchList,
    MatchResult,
    Passage,
    Query,
    ReadSentence,
    Removal,
    Versions,
)
from matching.text.profile_roles import read_profile

log = logging.getLogger(__name__)

Found = TypeVar("Found")

# So much of a reader's fingerprint tells it from every other.
_READER_SHOWN = 12
_CHANGES_AT_ONCE = 2000
# A snapshot is due when so many changes are not in the last one, and this share of all rows.
_LEAST_UNSAVED = 1000
_UNSAVED_SHARE = 0.1
# Up to so many passages, a snapshot is filled while searches wait, for a second or so. Of more, a
# process writes it that answers nobody.
PASSAGES_SAVED_IN_PASSING = 150_000


class Engine:
    """Ranks providers for needs.

    Threads may share an engine: encoding and reading again happen outside its lock, changes and
    searches inside.
    Nothing is read or loaded before the first call. An index that an error left half-changed is
    thrown away and built again from the source by the next call. `read_weights` gives the weights
    that are active in the source: they are asked for again whenever its revision has moved, and
    so is `read_roles`, which gives what was learned there about the roles of sentences, with the
    version of it; None while the shipped sentences alone say that.
    With `snapshots`, the index starts from the one that was left there, and one is left now and
    then. Scratch files stand in `cache_folder`. A `reader` reads the first of each list again.
    """

    def __init__(
        self,
        encoder: TextEncoder,
        source: ChangeSource,
        *,
        background: Background | None = None,
        weights: Weights | None = None,
        read_weights: Callable[[], Weights] | None = None,
        read_roles: ReadRoles | None = None,
        cache_folder: Path | None = None,
        snapshots: SnapshotFolder | None = None,
        reader: PairReader | None = None,
    ) -> None:
        self.encoder = encoder
        self._reader = reader
        self.weights = SHIPPED if weights is None else weights
        self._read_weights = read_weights
        self._source = source
        self._roles = RolesInUse(encoder, cache_folder, background, read_roles)
        self._cache_folder = cache_folder
        self._rankers: Rankers | None = None
        self._index: Index | None = None
        self._revision = 0
        self._snapshots = snapshots
        self._identity = ""
        # How many changes the newest snapshot does not know.
        self._unsaved = 0
        self._needs = LastNeeds()
        self._lock = threading.RLock()

    @property
    def background(self) -> Background:
        """The background of the encoder, prepared when first needed, with the roles in use."""
        with self._lock:
            return self._roles.background

    @property
    def shipped_background(self) -> Background:
        """The same as it is shipped, whatever was learned."""
        with self._lock:
            return self._roles.shipped

    @property
    def ranker(self) -> Ranker:
        """Weights and calibration, measured on the background when first needed."""
        return self._choose_ranker(history=True)

    def _choose_ranker(self, *, history: bool) -> Ranker:
        """The ranker, or the one that knows nothing of earlier matches."""
        with self._lock:
            if self._rankers is None:
                reads_again = self._reader is not None
                self._rankers = Rankers(self.background, self.weights, reads_again=reads_again)
            return self._rankers.choose(history)

    @property
    def revision(self) -> int:
        """The last revision that this engine has seen."""
        return self._revision

    def encode_text(self, text: str) -> tuple[Passage, ...]:
        """The passages of a provider's canonical text with their vectors, as they are stored."""
        return self.encode_texts([text])[0]

    def encode_texts(
        self, texts: Sequence[str], progress: Progress | None = None
    ) -> list[tuple[Passage, ...]]:
        """The passages of each text with their vectors; `progress` is told (passages, in all)."""
        return encode_texts(self.encoder, texts, progress)

    def catch_up(self) -> int:
        """Apply every committed change that was not seen before; returns how many there were."""
        with self._lock:
            count = self._catch_up()
            if self.is_snapshot_due and self._is_small():
                # Searches go on meanwhile.
                self._unsaved = 0
                threading.Thread(target=self._try_to_save, name="snapshot").start()
            return count

    def rebuild(self) -> int:
        """The index is built from the source alone; returns how many providers it has.

        No snapshot is left of what was there before, and where one can be left, it is of this.
        """
        with self._lock:
            if self._snapshots is not None:
                self._snapshots.clear()
            self._index, self._revision = None, 0
            self._catch_up()
            return 0 if self._index is None else len(self._index.row_of)

    def save_snapshot(self) -> bool:
        """Leave a snapshot of the index as it stands; False where there is nothing to be done.

        That is so while another process writes one, or when one of this revision is there.
        """
        snapshots = self._snapshots
        if snapshots is None or not self._identity:
            return False
        with snapshots.writing(self._identity) as writer:
            if writer is None:
                return False
            # Searches wait while the files are filled, but not until they are on the disk.
            with self._lock:
                if self._index is None or self._read_identity() != self._identity:
                    return False
                self._unsaved = 0
                found = snapshots.find_revision(self._identity, self._origin)
                if found is not None and found >= self._revision:
                    return False
                writer.fill(self._index, self._revision)
            writer.publish(self._origin)
        return True

    @property
    def has_snapshot(self) -> bool:
        """Whether a process that starts now finds a snapshot to start from."""
        if self._snapshots is None:
            return False
        return self._snapshots.find_revision(self._read_identity(), self._origin) is not None

    @property
    def is_snapshot_due(self) -> bool:
        """Whether so much has changed since the last snapshot that another is worth its writing."""
        rows = 0 if self._index is None else len(self._index.row_of)
        return (
            self._snapshots is not None
            and bool(self._identity)
            and self._unsaved >= max(_LEAST_UNSAVED, int(rows * _UNSAVED_SHARE))
        )

    def refresh(self) -> Index:
        """The index as of what is committed now. To be read under no other thread's changes."""
        self.catch_up()
        if self._index is None:
            raise RuntimeError("the index is missing after catching up")
        return self._index

    def match(
        self, query: Query, *, excluded: Mapping[int, str] | None = None, limit: int = 10
    ) -> MatchList:
        """The best `limit` eligible providers for `query`, best first.

        `excluded` maps the ids of providers that may not be shown to this asker to a reason code.
        The answer depends on the query, the committed state and the versions alone. Raises
        ConditionUnknown for a condition that cannot be read, ValueError for a limit below 1.
        """
        if limit < 1:
            raise ValueError(f"limit is {limit}; it must be at least 1")
        return self._answer(
            query,
            lambda index, need, read: self._match(index, query, need, excluded or {}, limit, read),
        )

    def read(self, query: Query) -> tuple[ReadSentence, ...]:
        """What each sentence of a need is taken for, as `match` takes it. Searches nothing."""
        need = self._read_need(query)
        return () if need is None else need.read

    def read_profile(self, text: str) -> tuple[ReadSentence, ...]:
        """What each sentence of a provider's canonical text is taken for; none of a blank one."""
        passages = self.encode_text(text)
        return read_profile(text, passages, self.background.readers[PROFILE])

    def list_left_out(
        self,
        query: Query,
        *,
        excluded: Mapping[int, str] | None = None,
        code: str | None = None,
        offset: int = 0,
        limit: int = 50,
    ) -> LeftOutList:
        """Whom `query` leaves out and why, as `matching.eligibility` says. Nothing is encoded."""
        with self._lock:
            index = self.refresh()
            return list_left_out(
                index.columns,
                query,
                excluded or {},
                index.row_of,
                index.ids,
                code=code,
                offset=offset,
                limit=limit,
            )

    def order(
        self, query: Query, *, excluded: Mapping[int, str] | None = None, limit: int = 10
    ) -> list[tuple[int, float]]:
        """Ids and scores of what `match` would answer, without the explanations."""

        def rank(
            index: Index, need: Need | None, read: Mapping[str, float]
        ) -> list[tuple[int, float]]:
            eligibility = decide_eligible(index.columns, query, excluded or {}, index.row_of)
            ranker = self._choose_ranker(history=query.history)
            ranked = self._rank(ranker, index, need, eligibility, limit, read)
            if ranked is None:
                return []
            ids = index.ids[ranked.rows].tolist()
            return list(zip(ids, ranked.scores.tolist(), strict=True))

        return self._answer(query, rank)

    def _answer(
        self, query: Query, find: Callable[[Index, Need | None, Mapping[str, float]], Found]
    ) -> Found:
        """What `find` finds under the lock in the index as of now, from the need as it was read
        and the figures of texts that were read again.

        Reading is slow, so it happens outside the lock: others search and change meanwhile, and
        who comes among the first by that is read in the next round. So is a need that was read by
        other roles than those that became active meanwhile.
        """
        read: dict[str, float] = {}
        while True:
            need = self._read_need(query)
            try:
                with self._lock:
                    index = self.refresh()
                    if need is None or need.background == self.background.version:
                        return find(index, need, read)
            except TextsUnread as unread:
                if need is None or self._reader is None:
                    raise
                figures = self._reader.compare(need.meant, unread.texts).tolist()
                read.update(zip(unread.texts, figures, strict=True))

    def _match(
        self,
        index: Index,
        query: Query,
        need: Need | None,
        excluded: Mapping[int, str],
        limit: int,
        read: Mapping[str, float],
    ) -> MatchList:
        """What `match` answers, from texts that were `read` again; under the lock."""
        eligibility = decide_eligible(index.columns, query, excluded, index.row_of)
        results: tuple[MatchResult, ...] = ()
        ranker = self._choose_ranker(history=query.history)
        ranked = self._rank(ranker, index, need, eligibility, limit, read)
        if ranked is not None and need is not None:
            results = explain(ranker, index, need, eligibility, ranked)
            if not query.history:
                results = tuple(forget_history(each) for each in results)
        return MatchList(
            results=results,
            considered=eligibility.considered,
            excluded_by=dict(eligibility.excluded_by),
            versions=Versions(
                encoder=self.encoder.fingerprint,
                background=self.background.version,
                weights=self._name_weights(ranker.weights),
                revision=self._revision,
                terms=query.terms.version,
            ),
            relaxations=find_relaxations(
                index.columns, query.conditions, eligibility.reachable, eligibility.judged
            ),
            read=() if need is None else need.read,
        )

    def _rank(
        self,
        ranker: Ranker,
        index: Index,
        need: Need | None,
        eligibility: Eligibility,
        limit: int,
        read: Mapping[str, float],
    ) -> Ranked | None:
        """The best of the eligible; None where nothing is asked or nobody is eligible."""
        if need is None or not eligibility.rows.any():
            return None
        return ranker.rank(index, need, eligibility, limit, read)

    def _name_weights(self, weights: Weights) -> str:
        """What orders a list: the weights, and who reads its first again."""
        if self._reader is None:
            return weights.version
        return f"{weights.version}+{self._reader.fingerprint[:_READER_SHOWN]}"

    def _catch_up(self) -> int:
        latest = self._source.latest_revision()
        if self._index is not None and latest == self._revision:
            return 0
        # Other roles make another index, of the same vectors: what a sentence counts stands in it.
        if self._roles.renew():
            self._index, self._revision, self._rankers = None, 0, None
        if latest < self._revision or self._read_identity() != self._identity:
            # Another database stands behind the source: nothing that is held can be trusted.
            self._index, self._revision = None, 0
        if self._index is None:
            self._index, self._revision = self._open_index(latest)
        try:
            count = self._apply_changes(self._index, latest)
        except RowMissing as error:
            log.warning("the index is built again from all providers: %s", error)
            self._index, self._revision = self._make_index(), 0
            count = self._apply_changes(self._index, latest)
        return count

    @property
    def _origin(self) -> Origin:
        return Origin.of(self.encoder.fingerprint, self.background.version)

    def _make_index(self) -> Index:
        return Index(self.encoder.dimensions, self.background, self._cache_folder)

    def _read_identity(self) -> str:
        return "" if self._snapshots is None else self._snapshots.read_identity()

    def _open_index(self, latest: int) -> tuple[Index, int]:
        """The index of the newest snapshot with its revision, else an empty one."""
        self._identity = self._read_identity()
        self._unsaved = 0
        if self._snapshots is not None and self._identity:
            index = self._make_index()
            revision = self._snapshots.load(index, self._identity, self._origin, latest)
            if revision is not None:
                return index, revision
        return self._make_index(), 0

    def _apply_changes(self, index: Index, latest: int) -> int:
        fingerprint = self.encoder.fingerprint
        changes = iter(self._source.changes_after(self._revision, fingerprint))
        count, seen, removed = 0, latest, 0
        try:
            while batch := list(islice(changes, _CHANGES_AT_ONCE)):
                index.apply(batch, self._encode_again)
                count += len(batch)
                seen = max(seen, batch[-1].revision)
                removals = (change.revision for change in batch if isinstance(change, Removal))
                removed = max(removed, *removals, 0)
            self._take_weights()
            if removed and self._snapshots is not None and self._identity:
                self._snapshots.forget_before(self._identity, removed)
        except BaseException:
            self._index, self._revision = None, 0
            raise
        self._revision = seen
        # A removal takes the snapshot with it: all that is held is then in none.
        self._unsaved += len(index.row_of) if removed else count
        return count

    def _is_small(self) -> bool:
        return self._index is not None and self._index.passage_count <= PASSAGES_SAVED_IN_PASSING

    def _try_to_save(self) -> None:
        try:
            self.save_snapshot()
        except OSError:
            # A full disk keeps nobody from searching; the next start takes longer.
            log.exception("no snapshot of the index could be written")

    def _take_weights(self) -> None:
        # After the changes were read, so that no revision is passed without its weights.
        if self._read_weights is None:
            return
        active = self._read_weights()
        if active != self.weights:
            self.weights, self._rankers = active, None

    def _encode_again(self, texts: list[str]) -> NDArray[np.float32]:
        return self.encoder.encode(texts, role=ENCODER_ROLES[PROFILE])

    def _read_need(self, query: Query) -> Need | None:
        """The query as it was read; None when its text is blank."""
        return self._needs.read(query, self.encoder, self.background)
