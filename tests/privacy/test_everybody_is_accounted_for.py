"""A table that names people says how they are erased: somebody who adds one is reminded here."""

import re
from importlib import import_module
from pkgutil import walk_packages

import liudeng
from liudeng.db import metadata

_NAMES_PEOPLE = re.compile(
    r"(user|author|owner|subject|sender|operator|actor|reporter|person|editor)(_id)?$"
    r"|^target_id$|_by$|^claimed|^asker|^member|^approver"
)
ACCOUNTED_FOR = {
    # erased with the person, or blanked
    "messages.user_id", "messages.recalled_by", "recalls.operator_id", "speakers.user_id",
    "forwarded.user_id", "farewells.author_id", "farewells.proposed_by", "anniversaries.owner_id",
    "remembrances.user_id", "outbox.target_id", "resource_votes.user_id",
    "resources.owner_id", "announcements.author_id", "watch_stances.actor",
    "desk_people.user_id", "desk_shifts.user_id", "desk_leads.user_id", "desk_drafts.user_id",
    "desk_reach.user_id",
    "desk_timers.person", "moderation_actions.user_id", "moderation_actions.actor",
    "moderation_actions.undone_by", "moderation_notes.user_id", "moderation_notes.author",
    "moderation_arrivals.user_id", "moderation_people.user_id", "moderation_armings.changed_by",
    "moderation_own_rules.created_by",
    "entrance_requests.user_id", "entrance_requests.decided_by", "entrance_blocks.user_id",
    "entrance_blocks.added_by", "entrance_groups.changed_by",
    "faq_votes.user_id",
    "faq_versions.editor_id", "faq_versions.editor",
    "faq_entries.owner", "milestones.author_id",
    # an open case is somebody's safety: kept until it is closed, then emptied
    "cases.subject_id",
    # who handled other people's cases is those people's audit trail
    "case_events.actor", "cases.claimed_by",
    # keyed hashes: they name nobody
    "consents.person", "tombstones.person", "greetings.person",
    "entrance_blocks.person",
    # aliases, whose owners are in moderation_people
    "moderation_audit.actor", "moderation_audit.subject",
}  # fmt: skip


def naming_people() -> set[str]:
    """Return the columns whose names say that they hold a person."""
    for module in walk_packages(liudeng.__path__, "liudeng."):
        if module.name.endswith(".tables"):
            import_module(module.name)
    return {
        f"{table.name}.{column.name}"
        for table in metadata.tables.values()
        for column in table.columns
        if _NAMES_PEOPLE.search(column.name)
    }


def test_no_column_names_people_without_a_way_to_erase_them() -> None:
    found = naming_people()
    forgotten = sorted(found - ACCOUNTED_FOR)
    assert not forgotten, (
        f"{forgotten}: give the room a holder (liudeng/holding.py), add it to "
        "liudeng/privacy/holders.py, then name the columns here"
    )
    assert found >= ACCOUNTED_FOR, "a column named here is gone"
