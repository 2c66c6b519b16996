from __future__ import annotations

from typing import Any

import pytest

from citeworks.model import Record
from citeworks.sync.interface import Kind
from citeworks.sync.mapping import record_of, snapshot
from citeworks.sync.merge import Side
from citeworks.sync.paths import Paths
from citeworks.sync.plan import TABLE, Action, Options, Ours, Plan, Theirs, make_plan
from citeworks.sync.state import GONE, LIVE, NONE, Row

KEY = "ABCD2345"
ITEM: dict[str, Any] = {
    "key": KEY,
    "version": 5,
    "itemType": "book",
    "title": "Atlas",
    "citationKey": "atlas",
    "creators": [],
    "tags": [],
    "collections": [],
}
RECORD = record_of(ITEM, Paths({})).with_custom(zotero={"library": "groups/1", "key": KEY})
EDITED = Record("atlas", "book", {"title": "Globe"}, custom=RECORD.custom)


def row(theirs: Theirs, agreed: str) -> Row:
    """A row in which the group did this since the agreement."""
    data: dict[str, Any] | None = dict(ITEM)
    if theirs in (Theirs.MISSING, Theirs.DELETED):
        data = None
    elif theirs is Theirs.TRASHED:
        data = ITEM | {"deleted": 1, "version": 6}
    elif theirs is Theirs.CHANGED:
        data = ITEM | {"volume": "2", "version": 6}
    is_live = agreed == LIVE
    return Row(
        Kind.ITEM,
        KEY,
        version=int((data or ITEM)["version"]),
        data=data,
        is_deleted=theirs is Theirs.DELETED,
        agreed=agreed,
        base=ITEM if is_live else None,
        record=snapshot(RECORD) if is_live else None,
        citation_key="atlas" if is_live else "",
    )


def planned(row: Row | None, *records: Record, **options: Any) -> Plan:
    rows = {row.key: row} if row else {}
    return make_plan(rows, records, Options("groups/1", Paths({}), **options))


def test_the_table_has_a_line_for_everything_that_can_happen() -> None:
    possible = {
        (agreed, ours, theirs)
        for agreed in (NONE, LIVE, GONE)
        for ours in Ours
        for theirs in Theirs
    }
    never = {(agreed, Ours.SAME, theirs) for agreed in (NONE, GONE) for theirs in Theirs}
    assert set(TABLE) == possible - never


def test_nothing_is_removed_that_nobody_removed() -> None:
    for (agreed, _, theirs), action in TABLE.items():
        if action is Action.REMOVE:
            assert (agreed, theirs) in {(LIVE, Theirs.DELETED), (LIVE, Theirs.TRASHED)}
        if action is Action.TRASH:
            assert (agreed, theirs) == (LIVE, Theirs.SAME)


OURS = {Ours.ABSENT: None, Ours.SAME: RECORD, Ours.EDITED: EDITED}


@pytest.mark.parametrize(
    ("agreed", "ours", "theirs"),
    [each for each in TABLE if each[2] is not Theirs.SAME or each[0] == LIVE],
)
def test_each_line_of_the_table_does_what_it_says(agreed: str, ours: Ours, theirs: Theirs) -> None:
    record = OURS[ours]
    plan = planned(row(theirs, agreed), *([record] if record else []))
    action = TABLE[agreed, ours, theirs]
    if action is Action.NOTHING:
        assert plan.steps == []
        return
    (step,) = plan.steps
    assert step.action is action
    expected = {
        Action.CREATE: (True, True, 0),
        Action.ADD: (True, False, 0),
        Action.REMOVE: (False, False, 0),
        Action.TRASH: (False, True, 0),
        Action.RESTORE: (True, True, 0),
        Action.FORGET: (False, False, 0),
    }
    if action in expected:
        found = (step.after is not None, step.send is not None, len(step.conflicts))
        assert found == expected[action]
    if action is Action.CONFLICT:
        assert (step.after, step.send) == (record, None)
        assert [each.kind for each in step.conflicts] == ["delete"]
    if action is Action.CREATE:
        assert step.send is not None
        assert (step.send["key"], step.send["version"]) == (KEY, 0)


def test_only_what_differs_is_sent() -> None:
    (step,) = planned(row(Theirs.SAME, LIVE), EDITED).steps
    assert step.send == {"key": KEY, "version": 5, "title": "Globe"}


def test_two_edits_of_two_fields_go_to_both_sides() -> None:
    (step,) = planned(row(Theirs.CHANGED, LIVE), EDITED).steps
    assert step.send == {"key": KEY, "version": 6, "title": "Globe"}
    assert step.after is not None
    assert step.after.text("volume") == "2"
    assert step.conflicts == []


@pytest.mark.parametrize(
    ("theirs", "record", "side", "action"),
    [
        (Theirs.TRASHED, EDITED, Side.OURS, Action.RESTORE),
        (Theirs.DELETED, EDITED, Side.OURS, Action.CREATE),
        (Theirs.TRASHED, EDITED, Side.THEIRS, Action.REMOVE),
        (Theirs.CHANGED, None, Side.OURS, Action.TRASH),
        (Theirs.CHANGED, None, Side.THEIRS, Action.ADD),
    ],
)
def test_a_removal_against_an_edit_is_settled_by_preference(
    theirs: Theirs, record: Record | None, side: Side, action: Action
) -> None:
    plan = planned(row(theirs, LIVE), *([record] if record else []), prefer=lambda row, name: side)
    assert [step.action for step in plan.steps] == [action]
    assert plan.conflicts == []


def test_an_item_is_found_by_its_citation_key_then_by_its_doi() -> None:
    first = row(Theirs.CHANGED, NONE)
    second = row(Theirs.CHANGED, NONE)
    second.key = "EFGH2345"
    second.data = ITEM | {"key": second.key, "citationKey": "", "DOI": "https://doi.org/10.1000/X"}
    rows = {first.key: first, second.key: second}
    records = [
        Record("atlas", "book", {"title": "Atlas"}),
        Record("other", "book", {"title": "Atlas", "DOI": "10.1000/x"}),
        Record("third", "book", {"title": "Third"}),
    ]
    plan = make_plan(rows, records, Options("groups/1", Paths({})))
    found = {step.key: (step.action, step.row.key) for step in plan.steps}
    assert found["atlas"] == (Action.MERGE, first.key)
    assert found["other"] == (Action.MERGE, second.key)
    assert found["third"][0] is Action.CREATE


def test_a_citation_key_that_is_taken_gets_another_and_a_warning() -> None:
    new = row(Theirs.CHANGED, NONE)
    own = Record(
        "atlas",
        "book",
        {"title": "X"},
        custom={"zotero": {"library": "groups/1", "key": "EFGH2345"}},
    )
    other = Row(
        Kind.ITEM,
        "EFGH2345",
        5,
        ITEM | {"key": "EFGH2345"},
        False,
        LIVE,
        ITEM,
        snapshot(own),
        "atlas",
    )
    plan = make_plan(
        {new.key: new, other.key: other},
        [own],
        Options("groups/1", Paths({}), name=lambda record, taken: "atlasb"),
    )
    (step,) = plan.steps
    assert step.after is not None
    assert step.after.key == "atlasb"
    assert [issue.code for issue in plan.issues] == ["Z001"]


def test_notes_and_attachments_have_no_record_and_are_left_alone() -> None:
    note = Row(Kind.ITEM, KEY, 5, {"itemType": "note", "note": "<p>x</p>"})
    child = Row(Kind.ITEM, KEY, 5, {"itemType": "attachment", "parentItem": "EFGH2345"})
    assert planned(note).steps == planned(child).steps == []


def test_only_items_in_the_chosen_collection_come_in() -> None:
    new = row(Theirs.CHANGED, NONE)
    paths = {"COLL2222": "Papers", "COLL3333": "Papers/2026"}
    for members, count in ((["COLL3333"], 1), ([], 0)):
        assert new.data is not None
        new.data = {**new.data, "collections": members}
        options = Options("groups/1", Paths(dict(paths)), collection="Papers")
        assert len(make_plan({KEY: new}, [], options).steps) == count


def test_a_new_record_is_filed_in_the_chosen_collection_and_tagged() -> None:
    options = Options("groups/1", Paths({"COLL2222": "Papers"}), collection="Papers", tag="lab")
    (step,) = make_plan({}, [Record("k", "book", {"title": "T"})], options).steps
    assert step.send is not None
    assert step.after is not None
    assert (step.send["collections"], step.send["tags"]) == (["COLL2222"], [{"tag": "lab"}])
    assert (step.after.custom["collections"], step.after.custom["tags"]) == (["Papers"], ["lab"])


def test_two_records_with_the_same_zotero_key_are_two_records() -> None:
    copy = Record("copy", "book", RECORD.variables, custom=RECORD.custom)
    plan = planned(row(Theirs.SAME, LIVE), RECORD, copy)
    (step,) = plan.steps
    assert (step.action, step.key) == (Action.CREATE, "copy")
    assert step.row.key != KEY
    assert [issue.code for issue in plan.issues] == ["Z002"]


def retyped(record_type: str) -> Record:
    return Record("atlas", record_type, RECORD.variables, custom=RECORD.custom)


def test_a_type_that_the_group_changed_comes_in_with_its_fields() -> None:
    changed = row(Theirs.SAME, LIVE)
    changed.data = ITEM | {"itemType": "report", "institution": "X", "version": 6}
    (step,) = planned(changed, RECORD).steps
    assert step.after is not None
    assert (step.after.type, step.after.text("publisher")) == ("report", "X")
    assert (step.send, step.conflicts) == (None, [])


def test_a_type_that_was_changed_here_goes_out_with_its_fields() -> None:
    changed = row(Theirs.SAME, LIVE)
    changed.data = changed.base = ITEM | {"publisher": "X", "volume": "2", "edition": "1"}
    changed.record = dict(snapshot(record_of(changed.data, Paths({}))))
    record = record_of(changed.data, Paths({})).with_custom(zotero=RECORD.custom["zotero"])
    (step,) = planned(
        changed, Record("atlas", "report", record.variables, custom=record.custom)
    ).steps
    assert step.send is not None
    assert (step.send["itemType"], step.send["institution"]) == ("report", "X")
    assert not {"publisher", "volume", "edition"} & step.send.keys()
    assert step.after is not None
    assert (step.after.type, step.conflicts) == ("report", [])


@pytest.mark.parametrize("direction", ["both", "pull", "push"])
def test_two_types_are_a_conflict_until_one_is_chosen(direction: str) -> None:
    from citeworks.sync.merge import Direction

    changed = row(Theirs.SAME, LIVE)
    changed.data = ITEM | {"itemType": "report", "version": 6}
    ours = retyped("thesis")
    (step,) = planned(changed, ours, direction=Direction(direction)).steps
    assert [each.variable for each in step.conflicts] == ["type"]
    assert step.after is not None
    assert (step.after.type, step.send) == ("thesis", None)
    changed.base, changed.record = step.base, step.taken
    again = planned(changed, step.after)
    assert [each.variable for each in again.conflicts] == ["type"]
    for side, kind in ((Side.OURS, "thesis"), (Side.THEIRS, "report")):
        (settled,) = planned(changed, step.after, prefer=lambda row, name, side=side: side).steps
        assert settled.after is not None
        assert (settled.after.type, settled.conflicts) == (kind, [])
        assert (settled.send or {}).get("itemType") == (kind if side is Side.OURS else None)


def test_a_type_kept_by_choice_offline_is_sent_by_the_next_run() -> None:
    from citeworks.sync.merge import Direction

    changed = row(Theirs.SAME, LIVE)
    changed.data = ITEM | {"itemType": "report", "version": 6}
    (step,) = planned(
        changed, retyped("thesis"), direction=Direction.PULL, prefer=lambda row, name: Side.OURS
    ).steps
    changed.base, changed.record = step.base, step.taken
    assert step.after is not None
    (later,) = planned(changed, step.after).steps
    assert (later.send or {}).get("itemType") == "thesis"
    assert later.conflicts == []


def test_the_note_is_extra_verbatim_after_a_line_of_it_was_written() -> None:
    (made,) = planned(None, Record("k", "review-book", {"note": "free"})).steps
    assert made.send is not None
    assert made.after is not None
    assert made.after.text("note") == made.send["extra"] == "free\nType: review-book"
    stated = row(Theirs.SAME, LIVE)
    stated.data = stated.base = ITEM | {"extra": "PMID: 1\nfree"}
    before = record_of(stated.data, Paths({})).with_custom(zotero=RECORD.custom["zotero"])
    stated.record = snapshot(before)
    (step,) = planned(
        stated, Record("atlas", "book", {**before.variables, "PMID": "2"}, custom=before.custom)
    ).steps
    assert step.send is not None
    assert step.after is not None
    assert step.after.text("note") == step.send["extra"] == "PMID: 2\nfree"
    assert step.taken == snapshot(step.after)
