"""The stories run as a reader would run them, and print what the text around them says."""

from __future__ import annotations

import ast
import runpy
from pathlib import Path

import pytest

import itilkit

EXAMPLES = Path(__file__).parents[2] / "examples"
STORIES = sorted(EXAMPLES.glob("story_*.py"))
RULES = sorted(EXAMPLES.glob("story_*.toml"))

# What a reader looks for, worked by hand from the times in each story; lines in this order, others between them.
TOLD = {
    "story_single_user": [
        '1. locked_account: no rank, 2 fields asked: category is access and subcategory is "locked account"',
        "ITIL 3x3 derives P4: impact Low, urgency Medium as recorded.",
        "level 1: service_desk, because every call begins there",
        "  + ModelAttached",
        "  + Classified",
        "  + PrioritySet",
        "  + Assigned",
        # From 09:05 on: 5 minutes, 5, 15 for security, 5, 15.
        "  due 09:10  Verify who is calling",
        "  due 09:30  Call security: somebody tried to break in",
        "  due 09:50  Have the user sign in",
        "  too long for the promise: no",
        "  [Resolve]  code, notes",
        "  assigned -> closed is not permitted; from assigned the lifecycle permits:"
        " assigned, in_progress, on_hold, resolved, cancelled",
        "  done     find_reason: done",
        "  skipped  call_security: not needed: tags has any of suspicious did not hold when it became free",
        "  ready    unlock: it may begin",
        # Two of hers, four of the triage, two steps, and five from the reply to the survey.
        "INC0001 at noon: closed, P4, 13 events",
        "  resolved after 0:08:00: Account unlocked.",
        "  confirmed by Ben (payroll), for good: True",
        '  survey: ***** "Two minutes after I was through!"',
        "  response: met, 0:08:00 of 0:30:00",
        "  resolution: met, 0:08:00 of 8:00:00",
        "  steps: verify done, find_reason done, call_security skipped, unlock done, confirm done,"
        " self_service skipped",
    ],
    "story_many_users": [
        "09:35  The fourth call about invoicing; nobody there can work. It is the invoice run: True.",
        "       - 20 users or more: impact Low -> High, because affected_users is at least 20.",
        "       - the invoice run: urgency Low -> High, because service is invoicing and invoice_run is true.",
        "       level 1: erp, because not one user's trouble",
        "       INC0101 leads INC0102, INC0103, INC0104.",
        "       running   Tell users what is known, due Fri 10:05",
        # The desk is open from 08:00; a P1 that was opened at 09:02 has four hours.
        "       promised by 13:02; too long for that: no",
        "       late      Tell users what is known, due Fri 10:05",
        "       proposed for the others: Resolved INC0102, Resolved INC0103, Resolved INC0104",
        "       INC0102: Works again.",
        "       INC0104: Works again.",
        "       done late Tell users what is known, due Fri 10:05",
        "       ready     Have the cause looked for, due Tue 18:00",  # Friday 11:45 and two working days
        "       still missing: step raise_problem: Have the cause looked for, linked (kind is problem)",
        "12:00  Closed once; proposed for the others: Closed INC0102, Closed INC0103, Closed INC0104",
        "       done late Tell users what is known, due Fri 10:05",
        "       done      Have the cause looked for, due Tue 18:00",
        "         INC0101  closed  2:18:00  -        Licence server restarted.",
        "         INC0104  closed  1:49:00  INC0101  Licence server restarted.",
    ],
    "story_major_incident": [
        "  02:15  a candidate: Orders fail; duty_manager decides",
        "  02:20  MAJOR INCIDENT: Half of all orders fail; meet at bridge 4",
        "  02:20  Quinn is incident manager",
        "  02:25  to users: Half of the orders fail. We are on it. (next by 02:55)",
        "  02:30  escalated to Hoster Ltd as their P1, HX-8812",
        # Half an hour after 02:25, and not a minute before.
        "  02:55  owed by communications_manager: users were told to expect news: Tue 2026-03-10 02:55 Europe/London",
        "  03:00  to management: The supplier names no time of repair. (next by 04:00)",
        "  03:25  disaster recovery invoked: Second site",
        "  03:50  Quinn's shift is over: a major incident has an incident manager at any instant:"
        " Quinn cannot just leave (hand it over, or stand it down)",
        "  03:50  Rosa is incident manager",
        "  05:05  to users: Orders work again.",
        "War room: bridge 4",
        "resolution (Gold): met, stopped Tue 2026-03-10 05:00.",
        "  Tue 2026-03-10 02:31  Tue 2026-03-10 03:20      49m  1h 10m  on hold, awaiting supplier",
        "Stood down on Tuesday at 09:30; nobody has a role any more.",
        "It would close by itself on Tuesday 17 March at 17:30.",
        "Reviewed the week after (PIR-12), closed; the cause is looked for in PRB31.",
        "  PIR-12 (INC0200): Rewrite the runbook of the second site: Pia, due 2026-03-31, 2 d overdue",
        "| diagnose | Tue 2026-03-10 02:14 | Tue 2026-03-10 03:10 | 56m |",
        "| all |  |  | 2h 53m |",
    ],
}


def test_no_story_is_untold() -> None:
    """Each story of the folder is in the table of what it tells."""
    assert {story.stem for story in STORIES} == set(TOLD)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.stem)
def test_a_story_runs_and_tells_what_it_is_about(story: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Run as a program its assertions hold, and it prints these lines in this order."""
    runpy.run_path(str(story), run_name="__main__")
    printed = capsys.readouterr().out.splitlines()
    wanted = TOLD[story.stem]
    assert [line for line in printed if line in wanted] == wanted


@pytest.mark.parametrize("rules", RULES, ids=lambda rules: rules.stem)
def test_there_is_nothing_odd_about_the_rules_of_a_story(rules: Path) -> None:
    """The policy file beside a story is read by one, and lints clean."""
    assert rules.with_suffix(".py") in STORIES
    assert itilkit.Policy.from_toml(rules.read_text(encoding="utf-8")).lint() == ()


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.stem)
def test_a_story_uses_the_public_face_only(story: Path) -> None:
    """Names come from the face, where they are listed, or from a room, none of them private."""
    tree = ast.parse(story.read_text(encoding="utf-8"))
    taken = [
        (str(node.module), name.name)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("itilkit")
        for name in node.names
    ]
    assert taken
    for module, name in taken:
        assert name in itilkit.__all__ if module == "itilkit" else module.count(".") == 1
        assert not name.startswith("_")
