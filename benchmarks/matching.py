"""What finding alike incidents costs: `python benchmarks/matching.py [incidents]`, 5,000 unless told otherwise.

The plain way beside it is a bare loop over the corpus that counts shared words and equal fields (the Jaccard overlap of
sets that were made beforehand) and keeps the five best. The ratio is the median over rounds that time both in turn, on
the same questions; milliseconds are told for information. Words follow Zipf's law, as those of titles do, and fields
have few values, which makes posting lists long. The exit status is 1 when a question takes longer than the plain loop
by a fifth or, of 5,000 incidents, 50 ms or more.
"""

from __future__ import annotations

import gc
import heapq
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random  # noqa: TID251  a benchmark draws its texts, by a seed

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from itilkit.events import Classified, Logged
from itilkit.lifecycle import PERMISSIVE, replay
from itilkit.matching import Corpus, correlate, recurrences, similar
from itilkit.matching.fuzzy import read_as
from itilkit.records import Incident, MonitoringEvent

DEFAULT, ROUNDS, QUESTIONS, K, MOST_MS, TOLERANCE = 5000, 7, 20, 5, 50.0, 1.2
START = datetime(2026, 1, 5, tzinfo=UTC)
VOCABULARY, LONGEST = 4000, 14
Fields = tuple[tuple[str, str], ...]
Plain = list[tuple[str, frozenset[str], Fields]]


def drawn(count: int, seed: int) -> list[Incident]:
    """Incidents with titles of 4 to 14 words and four fields."""
    draw = Random(seed)  # noqa: S311  no secret
    words = [f"word{place}" for place in range(VOCABULARY)]
    zipf = [1 / (place + 1) for place in range(VOCABULARY)]
    found = []
    for number in range(count):
        at = START + timedelta(minutes=10 * number)
        title = " ".join(draw.choices(words, zipf, k=draw.randint(4, LONGEST)))
        service = draw.randint(1, 20)
        known = Classified(
            at,
            service=f"service {service}",
            configuration_item=f"item {service}-{draw.randint(1, 20)}",
            category=f"category {draw.randint(1, 6)}",
            subcategory=f"subcategory {draw.randint(1, 30)}",
        )
        found.append(Incident(f"INC{number:06}", [Logged(at, title=title), known]))
    return found


def prepared(incidents: Sequence[Incident]) -> Plain:
    """What the plain loop looks at: number, set of words, fields."""
    found: Plain = []
    for incident in incidents:
        logged, known = incident.events[:2]
        assert isinstance(logged, Logged)  # noqa: S101  as drawn
        assert isinstance(known, Classified)  # noqa: S101
        names = ("service", "configuration_item", "category", "subcategory")
        fields = tuple((name, str(getattr(known, name))) for name in names)
        found.append((incident.number, frozenset(logged.title.lower().split()), fields))
    return found


def plainly(asked: tuple[str, frozenset[str], Fields], corpus: Plain) -> list[tuple[float, str]]:
    """The five that overlap most, by going through all of them."""
    own, words, fields = asked
    scored = []
    for number, others, known in corpus:
        if number != own:
            shared = len(words & others) / len(words | others)
            agreed = sum(one == other for one, other in zip(fields, known, strict=True))
            scored.append((shared + agreed / 4, number))
    return heapq.nlargest(K, scored)


def timed(call: Callable[[], object]) -> float:
    """Seconds for one call."""
    gc.collect()
    gc.disable()
    began = time.perf_counter()
    call()
    took = time.perf_counter() - began
    gc.enable()
    return took


def say(line: str) -> None:
    """One line."""
    sys.stdout.write(f"{line}\n")


def main(count: int) -> int:
    """Print ratio and milliseconds; 1 where a question takes too long."""
    known = drawn(count, seed=7)
    questions = drawn(count + QUESTIONS, seed=8)[-QUESTIONS:]  # opened after all others
    as_of = questions[-1].opened_at
    asked, plain = prepared(questions), prepared(known)
    making = timed(lambda: Corpus(known, as_of=as_of))
    corpus = Corpus(known, as_of=as_of)

    def ours() -> object:
        return [similar(each, corpus, K, as_of=as_of) for each in questions]

    def theirs() -> object:
        return [plainly(each, plain) for each in asked]

    pairs = [(timed(ours), timed(theirs)) for _ in range(ROUNDS)]
    ratio = statistics.median(mine / other for mine, other in pairs)
    each_ms = statistics.median(mine for mine, _ in pairs) / QUESTIONS * 1000
    worst_ms = (
        max(timed(lambda each=each: similar(each, corpus, K, as_of=as_of)) for each in questions) * 1000
    )
    mended = statistics.median(
        timed(lambda each=each: read_as(each, corpus, as_of=as_of)) for each in questions
    )
    say(f"{count} incidents, {len(corpus.index.terms)} words; the corpus is made in {making * 1000:.0f} ms")
    say(f"similar by a bare loop over sets: {ratio:.2f}")
    say(
        f"similar: {each_ms:.2f} ms a question, the longest {worst_ms:.2f} ms (budget: well under {MOST_MS:.0f} ms)"
    )
    say(f"misspelt words of one incident: {mended * 1000:.2f} ms")
    timelines = [replay(each, PERMISSIVE, as_of=as_of) for each in known]
    group = timed(lambda: recurrences(timelines, by=("service", "category"), within=timedelta(days=1)))
    say(f"recurrences: {group / count * 1e6:.1f} us an incident")
    alerts = messages(count)
    join = timed(lambda: correlate(alerts, by="service", within=timedelta(minutes=5)))
    say(f"correlate: {join / count * 1e6:.1f} us a message")
    return int(ratio > TOLERANCE or (count <= DEFAULT and worst_ms >= MOST_MS))


def messages(count: int) -> list[MonitoringEvent]:
    """Messages of 50 services, two a minute."""
    draw = Random(9)  # noqa: S311  no secret
    return [
        MonitoringEvent(
            "prometheus",
            str(number),
            dedup_key=f"alert {draw.randint(1, 500)}",
            status=draw.choice(("firing", "resolved")),
            service=f"service {draw.randint(1, 50)}",
            occurred_at=START + timedelta(seconds=30 * number),
        )
        for number in range(count)
    ]


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if sys.argv[1:] else DEFAULT))
