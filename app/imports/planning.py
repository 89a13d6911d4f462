"""What would become of the rows of a file, as the database stands: reads, and changes nothing.

The preview shows it. When the file is applied it is worked out again under the lock, and a row is
done only where the two agree.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy.orm import Session

from app.imports.columns import EMAIL_COLUMNS, PERSON_NAME_COLUMNS
from app.imports.merging import list_replaced, merge_mentor, merge_startup
from app.imports.problems import Problem, Remark, make_problem
from app.imports.recognising import RecognisedRow
from app.imports.targets import MentorTargets, StartupTargets, find_mentors, find_startups
from app.profiles.completeness import list_missing_of_provider, list_missing_of_startup
from app.profiles.values import (
    ProviderValues,
    StartupValues,
    read_provider,
    read_startup,
)
from app.words.limits import ORGANISATIONS_LIMIT
from models.credit_code import CreditCode
from models.folding import fold_to_letters
from models.imports import ImportKind, RowOutcome
from models.organisation_names import is_called_the_same, list_names, make_name_key
from models.organisations import Incubator, Startup
from models.person_names import list_similar_keys, make_person_key
from models.providers import Provider


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to become of one row.

    `values` are what the profile will say; None where it is not touched. `target_id` is the
    provider or startup that is there already. `is_published` says whether the profile will be
    published afterwards. `email` and `person_name` are whom an invitation would go to; no address
    where nobody is to be invited.
    """

    row: RecognisedRow
    outcome: RowOutcome
    problems: tuple[Problem, ...]
    values: ProviderValues | StartupValues | None = None
    target_id: int | None = None
    is_published: bool = False
    email: str | None = None
    person_name: str = ""

    @property
    def remarks(self) -> frozenset[Remark]:
        """What is said about the row and its cells."""
        return frozenset(problem.remark for problem in self.problems)


def plan_file(
    session: Session, *, incubator: Incubator, kind: ImportKind, rows: Sequence[RecognisedRow]
) -> list[Plan]:
    """The plan of each row of a whole file. What a file says twice is refused the second time."""
    return _refuse_repeated(kind, plan_rows(session, incubator=incubator, kind=kind, rows=rows))


def plan_rows(
    session: Session, *, incubator: Incubator, kind: ImportKind, rows: Sequence[RecognisedRow]
) -> list[Plan]:
    """The plan of each of `rows`, as if it was the only one.

    A row is about the profile of whoever has its e-mail address, else about the one of its name,
    among those that belong to `incubator`; other incubators' profiles are not looked at.
    """
    emails = {email for row in rows if (email := _get_text(row, EMAIL_COLUMNS[kind]))}
    names = {name for row in rows if (name := _get_text(row, "name"))}
    if kind is ImportKind.MENTORS:
        mentors = find_mentors(session, incubator=incubator, emails=emails, names=names)
        return [_plan_mentor(row, incubator, mentors) for row in rows]
    codes = {str(code) for row in rows if (code := row.values.get("credit_code"))}
    startups = find_startups(
        session, incubator=incubator, emails=emails, names=names, credit_codes=codes
    )
    return [_plan_startup(row, startups) for row in rows]


def _plan_mentor(row: RecognisedRow, incubator: Incubator, targets: MentorTargets) -> Plan:
    email = _get_text(row, EMAIL_COLUMNS[ImportKind.MENTORS])
    if row.is_refused:
        return _refuse(row, *row.problems, email=email)
    if row.values.get("open_to_all"):
        note = make_problem("open_to_all", Remark.NEEDS_CONSENT)
        row = replace(row, problems=(*row.problems, note))
    found = targets.find(
        name=_get_text(row, "name"), email=email, is_someone_else=_is_someone_else(row)
    )
    if isinstance(found, Problem):
        return _refuse(row, found, email=email)
    if found is None:
        values = merge_mentor(row.values, None)
        return _plan_new(row, ImportKind.MENTORS, values, list_missing_of_provider(values), email)
    entry = next((e for e in found.pool_entries if e.incubator_id == incubator.id), None)
    state = entry.state if entry is not None else None
    before = read_provider(found)
    row = _keep_name(row, before.name, ImportKind.MENTORS)
    row = _keep_connected(row, before)
    after = merge_mentor(row.values, before)
    if found.memberships:
        return _plan_own_account(row, found, state, is_same=before == after, email=email)
    if any(e.incubator_id != incubator.id for e in found.pool_entries):
        return _refuse(row, make_problem("", Remark.OTHER_INCUBATOR), email=email)
    plan = _plan_known(
        row,
        ImportKind.MENTORS,
        found,
        before,
        after,
        missing=list_missing_of_provider(after),
        email=email,
    )
    if state in ("declined", "retired") and plan.outcome is not RowOutcome.REFUSED:
        again = make_problem("", Remark.ADMITTED_AGAIN)
        return replace(plan, problems=(*plan.problems, again))
    return plan


def _plan_own_account(
    row: RecognisedRow, mentor: Provider, state: str | None, *, is_same: bool, email: str
) -> Plan:
    """Whoever has an account writes their own profile, and decides on their own about pools."""
    if is_same and state in ("invited", "admitted", "paused"):
        return Plan(
            row=row,
            outcome=RowOutcome.UNCHANGED,
            problems=(),
            target_id=mentor.id,
        )
    match state:
        case None:
            remark = Remark.OWN_ACCOUNT_INVITED
        case "applied":
            remark = Remark.OWN_ACCOUNT_ADMITTED
        case "declined" | "retired":
            remark = Remark.OWN_ACCOUNT_LEFT
        case _:
            remark = Remark.OWN_ACCOUNT
    return replace(_refuse(row, make_problem("", remark), email=email), target_id=mentor.id)


def _plan_startup(row: RecognisedRow, targets: StartupTargets) -> Plan:
    email = _get_text(row, EMAIL_COLUMNS[ImportKind.STARTUPS])
    if row.is_refused:
        return _refuse(row, *row.problems, email=email)
    code = row.values.get("credit_code")
    found = targets.find(
        name=_get_text(row, "name"),
        email=email,
        credit_code=code if isinstance(code, CreditCode) else None,
        is_someone_else=_is_someone_else(row),
    )
    if isinstance(found, Problem):
        return _refuse(row, found, email=email)
    if found is None:
        values = merge_startup(row.values, None)
        return _plan_new(row, ImportKind.STARTUPS, values, list_missing_of_startup(values), email)
    before = read_startup(found)
    row = _keep_name(row, before.name, ImportKind.STARTUPS)
    after = merge_startup(row.values, before)
    return _plan_known(
        row,
        ImportKind.STARTUPS,
        found,
        before,
        after,
        missing=list_missing_of_startup(after),
        email=email,
    )


def _plan_new(
    row: RecognisedRow,
    kind: ImportKind,
    values: ProviderValues | StartupValues,
    missing: Sequence[str],
    email: str,
) -> Plan:
    return Plan(
        row=row,
        outcome=RowOutcome.CREATE,
        problems=(
            *row.problems,
            *(make_problem(name, Remark.NEEDED_TO_PUBLISH) for name in missing),
        ),
        values=values,
        is_published=not missing,
        email=email or None,
        person_name=_get_text(row, PERSON_NAME_COLUMNS[kind]),
    )


def _plan_known(
    row: RecognisedRow,
    kind: ImportKind,
    target: Provider | Startup,
    before: ProviderValues | StartupValues,
    after: ProviderValues | StartupValues,
    *,
    missing: Sequence[str],
    email: str,
) -> Plan:
    if missing and before != after and target.state == "published":
        lacking = (make_problem(name, Remark.NEEDED_WHILE_PUBLISHED) for name in missing)
        return _refuse(row, *lacking, email=email)
    is_published = target.state == "published" or (target.state == "draft" and not missing)
    is_same = before == after and is_published == (target.state == "published")
    problems = [*row.problems, *list_replaced(kind, before, after)]
    if not is_same and target.state == "draft":
        problems += [make_problem(name, Remark.NEEDED_TO_PUBLISH) for name in missing]
    if not is_same and target.state == "paused":
        problems.append(make_problem("", Remark.STAYS_PAUSED))
    return Plan(
        row=row,
        outcome=RowOutcome.UNCHANGED if is_same else RowOutcome.UPDATE,
        problems=tuple(problems),
        values=after,
        target_id=target.id,
        is_published=is_published,
        email=email or None,
        person_name=_get_text(row, PERSON_NAME_COLUMNS[kind]),
    )


def _keep_name(row: RecognisedRow, known: str, kind: ImportKind) -> RecognisedRow:
    """The row with the name as it is known here, where the two are only written otherwise."""
    name = _get_text(row, "name")
    if not name or name == known or not _is_same_name(kind, name, known):
        return row
    note = make_problem("name", Remark.NAME_KEPT, known)
    return replace(row, values={**row.values, "name": known}, problems=(*row.problems, note))


def _keep_connected(row: RecognisedRow, before: ProviderValues) -> RecognisedRow:
    """The row with the organisations that are known already beside those that only its employer
    named."""
    several = any(problem.remark is Remark.SEVERAL_EMPLOYERS for problem in row.problems)
    named = row.values.get("affiliations")
    if not several or "affiliations" in row.cells or not isinstance(named, tuple):
        return row
    both = tuple(dict.fromkeys((*before.affiliations, *named)))
    if len(both) > ORGANISATIONS_LIMIT:
        return row
    return replace(row, values={**row.values, "affiliations": both})


def _is_same_name(kind: ImportKind, name: str, known: str) -> bool:
    if kind is ImportKind.MENTORS:
        return make_person_key(name) == make_person_key(known)
    return fold_to_letters(name) == fold_to_letters(known)


def _refuse(row: RecognisedRow, *problems: Problem, email: str) -> Plan:
    return Plan(row=row, outcome=RowOutcome.REFUSED, problems=problems, email=email or None)


def _is_someone_else(row: RecognisedRow) -> bool:
    """Whether somebody said that who has the same name is another one."""
    return any(problem.remark is Remark.SOMEONE_ELSE for problem in row.problems)


@dataclass(slots=True)
class _Earlier:
    """The rows so far by what they may repeat: addresses, profiles and keys of names."""

    kind: ImportKind
    by_fact: dict[tuple[str, object], int] = field(default_factory=dict)
    by_key: dict[str, list[RecognisedRow]] = field(default_factory=dict)

    def find(self, plan: Plan) -> Problem | None:
        """Which earlier row says the same, or may."""
        row = plan.row
        found = [self.by_fact[fact] for fact in self._list_facts(plan) if fact in self.by_fact]
        if not _is_someone_else(row):
            found += self._find_named(row)
        if found:
            return Problem("", Remark.REPEATED, str(min(found)))
        if self.kind is ImportKind.MENTORS and not _is_someone_else(row):
            similar = [
                other.number
                for key in list_similar_keys(_get_text(row, "name"))
                for other in self.by_key.get(key, ())
                # Two addresses are two people.
                if not (plan.email and _get_text(other, EMAIL_COLUMNS[self.kind]))
            ]
            if similar:
                return Problem("", Remark.MAYBE_REPEATED, str(min(similar)))
        return None

    def add(self, plan: Plan) -> None:
        """From now on `plan` is an earlier one."""
        for fact in self._list_facts(plan):
            self.by_fact.setdefault(fact, plan.row.number)
        for key in self._list_keys(plan.row):
            self.by_key.setdefault(key, []).append(plan.row)

    def _list_facts(self, plan: Plan) -> list[tuple[str, object]]:
        code = plan.row.values.get("credit_code")
        facts: tuple[tuple[str, object], ...] = (
            ("email", plan.email),
            ("target", plan.target_id),
            ("code", code),
        )
        return [fact for fact in facts if fact[1]]

    def _list_keys(self, row: RecognisedRow) -> list[str]:
        name = _get_text(row, "name")
        if self.kind is ImportKind.MENTORS:
            keys = [make_person_key(name)]
        else:
            # What stands for nobody may be the name of a project.
            keys = [make_name_key(one) or name.casefold() for one in list_names(name)]
        return [key for key in dict.fromkeys(keys) if key]

    def _find_named(self, row: RecognisedRow) -> list[int]:
        name = _get_text(row, "name")
        others = [other for key in self._list_keys(row) for other in self.by_key.get(key, ())]
        if self.kind is ImportKind.MENTORS:
            return [other.number for other in others]
        return [
            other.number
            for other in others
            if not (row.values.get("credit_code") and other.values.get("credit_code"))
            and (
                name.casefold() == _get_text(other, "name").casefold()
                or is_called_the_same(name, _get_text(other, "name"))
            )
        ]


def _refuse_repeated(kind: ImportKind, plans: Sequence[Plan]) -> list[Plan]:
    """Refuse each row whose name, address or profile an earlier row has, and name that row."""
    earlier = _Earlier(kind)
    checked = []
    for plan in plans:
        row = plan.row
        problem = earlier.find(plan)
        if plan.outcome is not RowOutcome.REFUSED or plan.target_id is not None:
            earlier.add(plan)
        if problem is not None and plan.outcome is not RowOutcome.REFUSED:
            plan = _refuse(row, problem, email=plan.email or "")
        elif problem is not None and not row.is_refused:
            plan = replace(plan, problems=(problem,), target_id=None)
        checked.append(plan)
    return checked


def _get_text(row: RecognisedRow, column: str) -> str:
    value = row.values.get(column, "")
    return value if isinstance(value, str) else ""
