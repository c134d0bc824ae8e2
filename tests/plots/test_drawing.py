"""Pictures as SVG: their words, their marks, their colours, and what odd desks and hostile names make of them."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import attrs
import pytest
from tests.kpi.histories import story
from tests.plots.desks import PICTURES, SMALL, SVG, desk, marks, parsed, pictures, texts

from itilkit import plots
from itilkit.errors import KpiError
from itilkit.plots.drawing import drawn
from itilkit.sla import Assessment
from itilkit.svg import PALETTE

DOCUMENTED = Path(__file__).parents[2] / "docs" / "reference" / "pictures"
OUTLINES = Path(__file__).with_name("outlines.txt")
NASTY = (
    '</svg><script>alert("x")</script>',
    "<b>&amp;'\"",
    "red \x1b[31m\x00 alarm\u202e\ufffe",
    "\ud800",
    "Network operations and monitoring of everything that moves, and of what does not",
    "\u05e9\u05d9\u05e8\u05d5\u05ea \u05d4\u05e8\u05e9\u05ea",
    "\u7db2\u8def\u670d\u52d9\u53f0\u7db2\u8def\u670d\u52d9\u53f0\u7db2\u8def\u670d\u52d9\u53f0\u7db2\u8def\u670d",
    "a" * 5000,
)


def outline(svg: str) -> str:
    """What a drawing consists of: its size, its words with their places, and how many shapes it has of each look."""
    root = parsed(svg)
    shapes: dict[str, int] = {}
    lines = [f"viewBox {root.attrib['viewBox']}"]
    for each in root.iter():
        kind = each.tag.removeprefix(SVG)
        if kind == "text":
            place = f"{each.attrib['x']},{each.attrib['y']} {each.attrib.get('text-anchor', 'start')}"
            lines.append(f"{place} {each.attrib.get('class', '-')}: {each.text}")
        elif kind in ("rect", "path"):
            look = f"{kind} {each.attrib['class']}"
            shapes[look] = shapes.get(look, 0) + 1
    return "\n".join([*lines, *(f"{count} {look}" for look, count in sorted(shapes.items()))])


def outlines() -> str:
    """The outlines of all eight pictures."""
    return (
        "\n\n".join(f"# {name}\n{outline(picture.to_svg())}" for name, picture in pictures().items()) + "\n"
    )


def test_pictures_look_as_they_did() -> None:
    """The structure of each drawing is the one on file; `python -m tests.plots.test_drawing` writes a new one."""
    assert outlines() == OUTLINES.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", PICTURES)
class TestEachPicture:
    def test_it_tells_title_unit_and_n(self, name: str) -> None:
        """They stand at its head, and are read aloud; what is left out stands at its foot."""
        picture = pictures()[name]
        svg = picture.to_svg()
        root, words = parsed(svg), texts(svg)
        assert (root.attrib["role"], root[0].tag, root[0].text) == ("img", f"{SVG}title", picture.title)
        assert words[:2] == [picture.title, f"{picture.unit}, n = {picture.n:,}"]
        assert f"n = {picture.n:,}" in (root[1].text or "")
        assert f"{picture.left_out['not_opened']} not opened yet" in " ".join(words)

    def test_it_is_small_and_needs_nothing_else(self, name: str) -> None:
        """Less than 60 kB, no number that is none, no address but that of SVG itself."""
        svg = pictures()[name].to_svg()
        assert len(svg) < 60_000
        assert re.findall(r"nan|inf\b|None", svg) == []
        assert re.findall(r"https?://[^\"]*", svg) == ["http://www.w3.org/2000/svg"]
        assert "url(" not in svg

    def test_a_page_keeps_its_own_style(self, name: str) -> None:
        """Every rule is about the drawing alone, and no id can meet that of another one."""
        svg = pictures()[name].to_svg()
        (style,) = re.findall(r"<style>(.*?)</style>", svg)
        selectors = re.findall(r"(?:^|[{}])([^{}@]+)\{", style)
        assert selectors
        assert all(each.startswith(".itilkit-picture") for each in selectors)
        assert ' id="' not in svg

    @pytest.mark.parametrize("width", [300, 350, 720, 1600])
    def test_no_text_is_wider_than_the_drawing(self, name: str, width: int) -> None:
        """Every text begins and ends within the drawing, at any width."""
        from itilkit.svg import text_width  # noqa: PLC0415

        for each in parsed(pictures()[name].to_svg(width=width)).iter(f"{SVG}text"):
            x, look = float(each.attrib["x"]), each.attrib.get("class")
            wide = text_width(each.text or "", 15 if look == "head" else 12, bold=look in ("head", "bold"))
            left = x - {"start": 0, "middle": wide / 2, "end": wide}[each.attrib.get("text-anchor", "start")]
            assert left >= -1, each.text
            assert left + wide <= width + 1, each.text

    def test_a_notebook_shows_it(self, name: str) -> None:
        """What a notebook shows is the drawing; the repr is one line."""
        picture = pictures()[name]
        assert picture._repr_html_() == picture.to_svg()
        assert repr(picture) == f"<Picture: {picture.title}, n = {picture.n:,}>"

    def test_it_is_a_value(self, name: str) -> None:
        """Drawn again it is equal; its rows are copies, of plain values that JSON holds."""
        picture = pictures()[name]
        assert PICTURES[name](desk()) == picture
        rows = picture.to_rows()
        assert all(type(each) in (str, int, float, bool, type(None)) for row in rows for each in row.values())
        rows[0].clear()
        assert picture.rows[0]

    @pytest.mark.parametrize("population", SMALL)
    def test_a_desk_where_something_is_missing(self, name: str, population: str) -> None:
        """It draws what there is; without anything it says so, with n = 0, and never fails."""
        picture = PICTURES[name](SMALL[population])
        svg = picture.to_svg()
        assert re.findall(r"nan|inf\b|None", svg) == []
        assert bool(picture.rows) == bool(picture.n)
        assert ("There is nothing to draw." in texts(svg)) == (not picture.rows)
        assert picture.says == "" or picture.rows

    @pytest.mark.parametrize("width", [0, 299, 1601, 350.0, True, "350"])
    def test_a_width_that_is_none(self, name: str, width: object) -> None:
        """A width is a whole number of units, 300 to 1,600."""
        with pytest.raises(KpiError, match="is no width"):
            pictures()[name].to_svg(width=width)  # type: ignore[arg-type]

    @pytest.mark.parametrize("margin", [-1, 101, 1.5])
    def test_a_margin_that_is_none(self, name: str, margin: object) -> None:
        """A margin is a whole number of units, 0 to 100."""
        with pytest.raises(KpiError, match="is no margin"):
            pictures()[name].to_svg(margin=margin)  # type: ignore[arg-type]


class TestMarks:
    def test_arrivals_have_a_square_for_each_hour(self) -> None:
        """Each hour in which somebody came has one square, whose area is its number."""
        picture = pictures()["arrivals"]
        counts = [row["incidents"] for row in picture.rows if row["incidents"]]
        sides = [float(each.attrib["width"]) for each in marks(picture.to_svg(), "bar")]
        assert len(sides) == len(counts)
        most = max(sides)
        for side, count in zip(sides, counts, strict=True):
            assert side == pytest.approx(most * (count / max(counts)) ** 0.5, abs=0.11)

    def test_backlog_has_a_column_for_each_row(self) -> None:
        """Each row has a column, and all columns are on one scale."""
        picture = pictures()["backlog"]
        talls = [float(each.attrib["height"]) for each in marks(picture.to_svg(), "bar")]
        by_band = sorted(picture.rows, key=lambda row: BANDS.index(row["band"]))
        most = max(row["incidents"] for row in picture.rows)
        assert len(talls) == len(by_band)
        for tall, row in zip(talls, by_band, strict=True):
            assert tall == pytest.approx(max(talls) * row["incidents"] / most, abs=0.11)

    def test_compliance_has_a_bar_for_each_group_and_one_for_all(self) -> None:
        """The whole width is 100 %; each group has its interval."""
        picture = pictures()["compliance"]
        svg = picture.to_svg()
        shares = [float(each.attrib["width"]) / 350 for each in marks(svg, "bar")]
        assert shares == pytest.approx([row["share"] for row in picture.rows], abs=0.001)
        (whole,) = marks(svg, "ink")
        assert float(whole.attrib["width"]) / 350 == pytest.approx(picture.figures["share"], abs=0.001)
        ends = [re.findall(r"M([\d.]+)", each.attrib["d"]) for each in marks(svg, "edge")]
        assert [float(end[0]) / 350 for end in ends] == pytest.approx(
            [row["low"] for row in picture.rows], abs=0.001
        )
        assert [float(end[2]) / 350 for end in ends] == pytest.approx(
            [row["high"] for row in picture.rows], abs=0.001
        )

    def test_pareto_has_a_bar_for_each_row(self) -> None:
        """The rest is paler than the groups."""
        svg = plots.pareto(desk(), by="configuration_item").to_svg()
        assert (len(marks(svg, "bar")), len(marks(svg, "rest"))) == (10, 1)

    def test_survival_is_one_falling_line(self) -> None:
        """It starts at all, turns twice for each row and goes on to the last that was seen."""
        picture = pictures()["survival"]
        svg = picture.to_svg()
        (trace,) = marks(svg, "trace")
        points = [tuple(map(float, point.split())) for point in trace.attrib["d"][1:].split("L")]
        assert len(points) == 2 + 2 * len(picture.rows)
        assert [x for x, _ in points] == sorted(x for x, _ in points)
        assert [y for _, y in points] == sorted(y for _, y in points)
        assert len(marks(svg, "bar")) == 2
        assert {"half within 1.1 d", "nine in ten within 7.7 d"} <= set(texts(svg))

    def test_time_to_resolve_has_a_bar_for_each_row(self) -> None:
        """All bars are equally wide, and as high as their numbers."""
        picture = pictures()["time_to_resolve"]
        bars = marks(picture.to_svg(), "bar")
        assert len(bars) == len(picture.rows)
        widths = {round(float(each.attrib["width"])) for each in bars}
        assert max(widths) - min(widths) <= 1
        highest = max(float(each.attrib["height"]) for each in bars)
        most = max(row["incidents"] for row in picture.rows)
        for bar, row in zip(bars, picture.rows, strict=True):
            assert float(bar.attrib["height"]) == pytest.approx(highest * row["incidents"] / most, abs=0.1)

    def test_time_in_status_has_a_bar_for_each_row(self) -> None:
        """What is no longer open is paler."""
        picture = pictures()["time_in_status"]
        svg = picture.to_svg()
        assert len(marks(svg, "bar")) == sum(row["open"] for row in picture.rows)
        assert len(marks(svg, "rest")) == sum(not row["open"] for row in picture.rows)

    def test_volume_has_a_dot_for_each_row(self) -> None:
        """Whole weeks are filled, others hollow; the lines are mean and limits."""
        picture = pictures()["volume"]
        svg = picture.to_svg()
        assert len(marks(svg, "bar")) == sum(row["complete"] for row in picture.rows)
        assert len(marks(svg, "hollow")) == sum(not row["complete"] for row in picture.rows)
        sides = [words for words in texts(svg) if words.split()[0] in ("upper", "mean", "lower")]
        assert sides == [f"upper {picture.figures['high']:.0f}", f"mean {picture.figures['centre']:.0f}"]

    def test_a_lower_limit_is_drawn_where_there_can_be_one(self) -> None:
        """Counts are never below nothing, so a limit there is left out; one above is drawn."""
        cases = [story(24 * day + hour, number=f"INC{day}-{hour}") for day in range(9) for hour in range(20)]
        words = texts(plots.volume(cases, zone="UTC", every="day").to_svg())
        assert {"upper 20", "mean 20", "lower 20"} <= set(words)

    def test_signals_differ_in_shape(self) -> None:
        """A count beyond the limits is a diamond, named in the key: grey tells them apart as well."""
        cases = [story(24 * day + 9, number=f"INC{day}") for day in range(10)]
        cases += [story(24 * 5 + 10, number=f"BURST{number}") for number in range(40)]
        svg = plots.volume(cases, zone="UTC", every="day").to_svg()
        key, burst = marks(svg, "late")
        assert "l4.5 4.5" in key.attrib["d"]
        assert "l4.5 4.5" in burst.attrib["d"]
        assert "beyond the limits" in texts(svg)
        assert "2026-03-07: 41 beyond limits" in {each.text for each in parsed(svg).iter(f"{SVG}title")}

    def test_runs_are_named(self) -> None:
        """Where there are only runs the key tells only of them."""
        cases = [
            story(24 * day + hour, number=f"INC{day}-{hour}")
            for day in range(16)
            for hour in range((5 if day % 2 else 4) if day < 8 else (3 if day % 2 else 2))
        ]
        words = texts(plots.volume(cases, zone="UTC", every="day").to_svg())
        assert "eighth or later on one side" in words
        assert "beyond the limits" not in words


BANDS = ["all", "0-1 days", "1-5 days", "5-10 days", "10-30 days", "30 days and more"]


class TestHostileNames:
    def named(self, by: str) -> tuple[Assessment, ...]:
        """An incident for each hostile name."""
        return tuple(story(0, 1, number=f"INC{place}", fields={by: name}) for place, name in enumerate(NASTY))

    def test_groups(self) -> None:
        """Nothing becomes markup, is unreadable or unprintable; the whole name is shown where somebody points at it."""
        picture = plots.pareto(self.named("category"))
        svg = picture.to_svg()
        svg.encode()
        titles = {each.text for each in parsed(svg).iter(f"{SVG}title")}
        assert "<script" not in svg
        assert any(
            "Network operations and monitoring of everything that moves, and of" in str(t) for t in titles
        )
        assert all(each.isprintable() for each in texts(svg))
        assert any(each.startswith("red \\x1b[31m") for each in texts(svg))
        assert any("red \\x1b[31m\\x00 alarm\\u202e\\ufffe: 1, " in str(each) for each in titles)
        assert any(each.endswith("\u2026") for each in texts(svg))

    def test_a_title_that_the_house_named(self) -> None:
        """The name of a field may be hostile, too: the title takes two lines at most."""
        by = '<b>"&' + "very long name of a field " * 30
        svg = plots.pareto(self.named(by), by=by).to_svg()
        heads = [each.text or "" for each in marks(svg, "head")]
        assert len(heads) == 2
        assert heads[1].endswith("\u2026")
        assert parsed(svg)[0].text == f"Incidents by {by}"

    def test_names_given_by_the_caller(self) -> None:
        """They are escaped as well."""
        svg = plots.compliance(desk(), names={1: NASTY[0]}).to_svg()
        assert "<script" not in svg
        assert NASTY[0] in texts(svg)


def light(colour: str) -> float:
    """The relative luminance of a colour, as WCAG 2.1 defines it."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast of two colours."""
    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def mixed(ink: str, paper: str, share: float) -> str:
    """The colour of ink that covers its paper by a share."""
    parts = [
        round(share * int(ink[p : p + 2], 16) + (1 - share) * int(paper[p : p + 2], 16)) for p in (1, 3, 5)
    ]
    return "#" + "".join(f"{part:02x}" for part in parts)


class TestColours:
    PAPERS = (
        ("light", "#ffffff"),
        ("light", "#fcfbf9"),
        ("dark", "#15181b"),
        ("dark", "#1c2024"),
        ("dark", "#000000"),
    )

    @pytest.mark.parametrize("name", ["bar", "late"])
    @pytest.mark.parametrize(("scheme", "paper"), PAPERS)
    def test_marks_stand_out(self, name: str, scheme: str, paper: str) -> None:
        """Bars, lines and signals have a contrast of 4.5 to 1 on the papers of their scheme."""
        assert contrast(getattr(PALETTE[name], scheme), paper) >= 4.5

    @pytest.mark.parametrize("name", ["bar", "late"])
    @pytest.mark.parametrize("paper", ["#ffffff", "#fcfbf9", "#1c2024", "#000000"])
    def test_one_colour_for_both(self, name: str, paper: str) -> None:
        """What an old browser shows has a contrast of 3 to 1 on light and on dark."""
        assert contrast(PALETTE[name].anywhere, paper) >= 3

    @pytest.mark.parametrize(
        ("ink", "paper"), [("#22262b", "#ffffff"), ("#22262b", "#fcfbf9"), ("#e4e2dd", "#1c2024")]
    )
    def test_soft_text_stands_out(self, ink: str, paper: str) -> None:
        """Text at four fifths of its ink still has 4.5 to 1."""
        svg = pictures()["pareto"].to_svg()
        (share,) = re.findall(r" \.soft\{fill-opacity:([\d.]+)\}", svg)
        assert contrast(mixed(ink, paper, float(share)), paper) >= 4.5

    def test_drawings_of_other_rooms_use_the_palette(self) -> None:
        """Bars and breaches have one colour throughout the house."""
        source = Path(plots.__file__).parents[1]
        for path in sorted(source.rglob("drawing.py")):
            for name, colour in re.findall(r"--itilkit-(\w+), (#\w+)\)", path.read_text(encoding="utf-8")):
                assert name not in PALETTE or colour == PALETTE[name].anywhere, path


def test_a_file_brings_its_paper(tmp_path: Path) -> None:
    """As a file of its own it is well-formed XML with a background for light and for dark."""
    file = tmp_path / "picture.svg"
    file.write_text(pictures()["volume"].to_svg(), encoding="utf-8")
    root = ElementTree.parse(file).getroot()  # noqa: S314  our own
    assert ".itilkit-picture:root{color-scheme:light dark;background:light-dark(" in (root[2].text or "")


def test_a_margin_is_empty_paper() -> None:
    """It surrounds the drawing, which stays as it is."""
    plain, framed = (parsed(pictures()["volume"].to_svg(margin=margin)) for margin in (0, 12))
    wide, tall = (int(plain.attrib[name]) for name in ("width", "height"))
    assert framed.attrib["viewBox"] == f"-12 -12 {wide + 24} {tall + 24}"
    assert [each.attrib for each in list(framed)] == [each.attrib for each in list(plain)]


def test_what_a_reader_must_know_is_at_the_foot() -> None:
    """Notes and what is left out are the last words."""
    picture = attrs.evolve(pictures()["pareto"], notes=("A note.",), left_out={"pending": 3})
    assert texts(picture.to_svg())[-2:] == ["A note.", "Left out: 3 open and in time."]


def test_a_kind_that_is_none() -> None:
    """A picture is one of the eight; a near one is offered."""
    with pytest.raises(KpiError, match=r"'volumes' is no kind.*volume"):
        attrs.evolve(pictures()["volume"], kind="volumes")  # type: ignore[arg-type]


def test_every_kind_has_a_plot() -> None:
    """A picture of each kind can be drawn, wide as well."""
    assert all(
        parsed(drawn(each, 1000)).attrib["viewBox"].startswith("0 0 1000 ") for each in pictures().values()
    )


def documented(name: str) -> str:
    """The file of a picture in the reference."""
    return PICTURES[name](desk(1000)).to_svg(margin=12) + "\n"


@pytest.mark.parametrize("name", PICTURES)
def test_the_documentation_shows_what_is_drawn(name: str) -> None:
    """The pictures of the reference are those of today."""
    assert (DOCUMENTED / f"{name}.svg").read_text(encoding="utf-8") == documented(name)


if __name__ == "__main__":
    OUTLINES.write_text(outlines(), encoding="utf-8")
    for name in PICTURES:
        (DOCUMENTED / f"{name}.svg").write_text(documented(name), encoding="utf-8")
