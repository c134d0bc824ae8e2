"""The command as a user meets it: its outputs, its one-line errors and its exit codes."""

from __future__ import annotations

import gzip
import json
import os
import pty
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import attrs
import pytest
from tests.report.small import AS_OF, LOG, POLICY, report_on

from itilkit.cli import logs, main
from itilkit.cli.say import installed
from itilkit.report import as_json, as_text

ROOT = Path(__file__).parents[1]


@attrs.frozen
class Desk:
    """A directory with a small log and its policy."""

    home: Path

    @property
    def log(self) -> Path:
        """The log."""
        return self.home / "small.csv"

    @property
    def policy(self) -> Path:
        """The policy."""
        return self.home / "desk.toml"

    def words(
        self, *more: str, log: Path | None = None, zone: str = "UTC", as_of: str = AS_OF.isoformat()
    ) -> list[str]:
        """The words of a whole command, with more options."""
        begin = ["report", str(log or self.log), "--policy", str(self.policy), "--zone", zone]
        return [*begin, *(["--as-of", as_of] if as_of else []), *more]

    def files(self) -> list[str]:
        """What lies in the directory, hidden files too."""
        return sorted(path.name for path in self.home.iterdir())


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A fresh directory."""
    desk = Desk(tmp_path)
    desk.log.write_text(LOG, encoding="utf-8")
    desk.policy.write_text(POLICY, encoding="utf-8")
    return desk


def fails(words: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """The one line that a failing command leaves, and nothing else."""
    assert main(words) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("itilkit: ")
    assert err.count("\n") == 1
    assert err.endswith("\n")
    return err.removeprefix("itilkit: ").rstrip("\n")


def test_report_prints_text_and_writes_page_and_json(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """Text on stdout, page and JSON in their files, nothing on stderr and no other file."""
    page, data = desk.home / "out.html", desk.home / "out.json"
    assert main(desk.words("--html", str(page), "--json", str(data))) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert out == as_text(attrs.evolve(report_on(), version=installed()))
    told = json.loads(data.read_text(encoding="utf-8"))
    assert told["figures"] == json.loads(as_json(report_on()))["figures"]
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert desk.files() == ["desk.toml", "out.html", "out.json", "small.csv"]


def test_a_pipe_is_written_and_not_replaced(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """An output that is no plain file, such as a device or a pipe, is written as it is and is there afterwards."""
    pipe = desk.home / "figures"
    os.mkfifo(pipe)
    reader = subprocess.Popen(["cat", str(pipe)], stdout=subprocess.PIPE, text=True)
    assert main(desk.words("--json", str(pipe))) == 0
    written, _ = reader.communicate(timeout=30)
    assert json.loads(written)["policy"]
    assert pipe.is_fifo()
    assert desk.files() == ["desk.toml", "figures", "small.csv"]
    assert capsys.readouterr().err == ""


def test_report_reads_gzip(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """A packed log gives the same figures, whatever its name."""
    main(desk.words())
    plain = capsys.readouterr().out
    for name in ("small.csv.gz", "packed.csv"):
        packed = desk.home / name
        packed.write_bytes(gzip.compress(LOG.encode()))
        assert main(desk.words(log=packed)) == 0
        assert capsys.readouterr().out.replace(name, "small.csv") == plain


def test_report_is_seen_from_now_by_default(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """Without --as-of the clock is read, to the second."""
    out = desk.home / "out.json"
    before = datetime.now(UTC).replace(microsecond=0)  # noqa: TID251  the clock is what is tested
    assert main(desk.words("--json", str(out), as_of="")) == 0
    capsys.readouterr()
    as_of = datetime.fromisoformat(json.loads(out.read_text(encoding="utf-8"))["as_of"])
    assert before <= as_of <= before + timedelta(minutes=5)


@pytest.mark.parametrize("as_of", ["2026-04-15T12:00:00Z", "2026-04-15T14:00+02:00", "20260415T120000Z"])
def test_an_instant_may_be_written_in_any_zone(
    desk: Desk, capsys: pytest.CaptureFixture[str], as_of: str
) -> None:
    """The instant counts, not how it is written."""
    assert main(desk.words(as_of=as_of)) == 0
    assert "2026-04-15 12:00 UTC" in capsys.readouterr().out


def test_an_output_is_replaced(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """A second run writes over the first one's file, through a link too."""
    real, link = desk.home / "real.json", desk.home / "link.json"
    real.write_text("old", encoding="utf-8")
    link.symlink_to(real)
    assert main(desk.words("--json", str(link))) == 0
    capsys.readouterr()
    assert link.is_symlink()
    assert real.read_text(encoding="utf-8").startswith("{")


def with_log(content: str | bytes, name: str = "bad.csv") -> Callable[[Desk], list[str]]:
    """The command on a log with that content."""

    def words(desk: Desk) -> list[str]:
        path = desk.home / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return desk.words(log=path)

    return words


def with_policy(content: str | bytes) -> Callable[[Desk], list[str]]:
    """The command under a policy with that content."""

    def words(desk: Desk) -> list[str]:
        desk.policy.write_bytes(content.encode() if isinstance(content, str) else content)
        return desk.words()

    return words


PACKED = gzip.compress(LOG.encode())
TWICE = POLICY.replace('"P3", resolution', '["P1", "P3"], resolution')

BAD: dict[str, tuple[Callable[[Desk], list[str]], list[str]]] = {
    "missing file": (lambda desk: desk.words(log=desk.home / "none.csv"), ["none.csv", "no such file"]),
    "directory": (lambda desk: desk.words(log=desk.home), ["is a directory"]),
    "truncated gzip": (with_log(PACKED[:-20], "cut.csv.gz"), ["cut.csv.gz", "gzip", "get the file again"]),
    "garbled gzip": (with_log(PACKED[:30] + b"\xff\xff\xff\xff" + PACKED[34:], "bad.gz"), ["gzip data is broken"]),
    "not gzip": (with_log(LOG, "plain.csv.gz"), ["plain.csv.gz", "is no gzip file", "leave out .gz"]),
    "empty gzip name": (with_log(b"", "empty.csv.gz"), ["is no gzip file"]),
    "cp1252 bytes": (with_log(LOG.replace("ann", "Ren\u00e9").encode("cp1252")), ["line 2", "0xe9", "UTF-8"]),
    "utf-16": (with_log(LOG.encode("utf-16-le")), ["line 1", "NUL", "UTF-16"]),
    "nul bytes": (with_log(LOG.replace("bob", "b\0b")), ["line 7", "NUL"]),
    "endless line": (with_log("x" * (1 << 20)), ["line 1", "longer than 1 MiB"]),
    "empty file": (with_log(""), ["the log is empty", "first line names the columns"]),
    "header only": (with_log(LOG.partition("\n")[0] + "\n"), ["a header and no rows"]),
    "ragged row": (with_log(LOG.replace(",ann,0,0,", ",ann,0,", 1)), ["line 2", "row 1", "12 cells", "13"]),
    "wrong columns": (with_log(LOG.replace("incident_state", "incident_stat")), ["did you mean incident_stat?"]),
    "no such date": (
        with_log(LOG.replace("10/3/2026 09:30", "31/2/2016 09:30")),
        ["line 7", "sys_updated_at", "31/2/2016"],
    ),
    "unknown state": (
        with_log(LOG.replace("INC3,New", "INC3,Foo")),
        ["'Foo' is no state", "incident_state", "row 10"],
    ),
    "several faults": (with_log(LOG.replace("10/3/2026", "31/2/2016")), ["line 7", "(and 4 more)"]),
    "unknown zone": (lambda desk: desk.words(zone="Europe/Lodnon"), ["'Europe/Lodnon'", "Europe/London"]),
    "no toml": (with_policy(POLICY.replace("[priority]", "[priority")), ["desk.toml, line 8", "is not TOML"]),
    "policy in cp1252": (
        with_policy(POLICY.replace("Gold", "Gr\u00fcn").encode("cp1252")),
        ["desk.toml, line 16", "0xfc"],
    ),
    "empty policy": (with_policy(""), ["desk.toml", "is empty", "the right file"]),
    "missing policy": (
        lambda desk: [*desk.words(), "--policy", str(desk.home / "no.toml")],
        ["no.toml", "no such file"],
    ),
    "contradictory targets": (with_policy(TWICE), ["desk.toml, line 20", "P1 has a target in targets[0] already"]),
    "unknown key": (
        with_policy(POLICY.replace("targets = [", "warm = []\ntargets = [")),
        ["line 18", "warm", "did you mean warn?"],
    ),
    "unwritable page": (
        lambda desk: desk.words("--html", str(desk.home / "no" / "x.html")),
        ["--html", "cannot be written"],
    ),
    "page is a directory": (lambda desk: desk.words("--html", str(desk.home)), ["--html", "it is a directory"]),
    "one file for both": (
        lambda desk: desk.words("--html", str(desk.home / "x"), "--json", str(desk.home / "." / "x")),
        ["--json", "is --html as well", "name another file"],
    ),
    "output over the log": (lambda desk: desk.words("--html", str(desk.log)), ["--html", "is LOG as well"]),
    "output over the policy": (
        lambda desk: desk.words("--json", str(desk.policy)),
        ["--json", "is --policy as well"],
    ),
    "naive instant": (lambda desk: desk.words(as_of="2026-04-15T12:00:00"), ["--as-of", "has no zone", "12:00:00Z"]),
    "no instant": (lambda desk: desk.words(as_of="yesterday"), ["--as-of", "'yesterday' is no ISO 8601 instant"]),
    "instant before the log": (
        lambda desk: desk.words(as_of="2020-01-01T00:00Z"),
        ["before the log begins", "2026-03-02"],
    ),
    "no zone given": (lambda desk: ["report", str(desk.log), "--policy", str(desk.policy)], ["--zone", "--help"]),
    "no command": (lambda _: [], ["COMMAND"]),
    "odd name": (lambda desk: desk.words(log=desk.home / "a\nb\x1b[0m.csv"), ["a\\nb\\x1b[0m.csv"]),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_bad_input_ends_in_one_line(name: str, desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """What, where, how to mend; exit code 2; nothing on stdout and no file made."""
    make, wanted = BAD[name]
    words = make(desk)
    if "--json" not in words:
        words += ["--json", str(desk.home / "data.json")] if words else []
    before = desk.files()
    line = fails(words, capsys)
    assert [part for part in wanted if part not in line] == []
    assert line.endswith(")"), "the way to mend it stands in brackets"
    assert desk.files() == before


def test_a_read_only_file_is_not_replaced(
    desk: Desk, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who may not write a file may not put another one in its place."""
    out = desk.home / "out.json"
    out.write_text("old", encoding="utf-8")
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert "it is read-only" in fails(desk.words("--json", str(out)), capsys)
    assert out.read_text(encoding="utf-8") == "old"


def test_a_disk_that_fills_up_leaves_nothing(
    desk: Desk, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A failure at the end is told like one at the start, and the old file stays."""
    out = desk.home / "out.json"
    out.write_text("old", encoding="utf-8")

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "write_text", full)
        assert "no space left on device" in fails(desk.words("--json", str(out)), capsys)
    assert out.read_text(encoding="utf-8") == "old"
    assert desk.files() == ["desk.toml", "out.json", "small.csv"]


def test_without_jinja2_the_page_is_refused_at_once(
    desk: Desk, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The line names the command that installs it; text and JSON need nothing."""
    monkeypatch.setitem(sys.modules, "jinja2", None)
    line = fails(desk.words("--html", str(desk.home / "page.html")), capsys)
    assert "pip install 'itilkit[report]'" in line
    assert main(desk.words("--json", str(desk.home / "data.json"))) == 0


def test_an_unknown_character_is_made_visible(
    desk: Desk, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A terminal without the letters of the log gets its escapes, not a traceback."""
    desk.log.write_text(LOG.replace("Desk", "B\u00fcro"), encoding="utf-8")
    monkeypatch.setattr(type(sys.stdout), "encoding", property(lambda _: "ascii"))
    assert main(desk.words()) == 0
    assert "B\\xfcro" in capsys.readouterr().out


def test_ctrl_c_ends_quietly(
    desk: Desk, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An interrupt gives 130 and leaves neither words nor files."""

    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(logs, "audit_log", interrupt)
    assert main(desk.words("--json", str(desk.home / "data.json"))) == 130
    assert capsys.readouterr() == ("", "")
    assert desk.files() == ["desk.toml", "small.csv"]


def command(*words: str) -> list[str]:
    """The command in a Python of its own."""
    return [sys.executable, "-m", "itilkit", *words]


def test_interrupting_the_process(desk: Desk) -> None:
    """The signal that a terminal sends ends the process with 130 and no traceback."""
    fifo = desk.home / "fifo.csv"
    os.mkfifo(fifo)
    # A job in the background is started deaf to the signal; a terminal's is not, whoever started these tests.
    listening = ["env", "--default-signal=INT", *command(*desk.words(log=fifo))]
    process = subprocess.Popen(listening, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    with fifo.open("wb") as writer:  # returns once the command reads
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
        writer.close()
    assert (process.returncode, out, err) == (130, b"", b"")


def test_a_reader_that_goes_away(desk: Desk) -> None:
    """A closed pipe ends the command with 141, as if SIGPIPE had, and no word."""
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        command(*desk.words()), cwd=ROOT, stdout=writer, stderr=subprocess.PIPE, check=False
    )
    os.close(writer)
    assert (done.returncode, done.stderr) == (141, b"")


def test_the_process_ends_with_the_code(desk: Desk) -> None:
    """`python -m itilkit` hands the exit code on; the error is one line."""
    done = subprocess.run(
        command("report", "none.csv", "--policy", str(desk.policy), "--zone", "UTC"),
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (2, "")
    mend = "(check the path and its rights)"
    assert done.stderr == f"itilkit: none.csv: cannot be read: no such file or directory {mend}\n"


@pytest.mark.parametrize("missing", [False, True], ids=["with rich", "without rich"])
def test_progress_is_shown_on_a_terminal(
    desk: Desk, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, missing: bool
) -> None:
    """A bar where stderr is a terminal and rich is installed; else nothing. The report is the same."""
    rows = "".join(
        f"INC{n},New,2/3/2026 09:00,2/3/2026 09:00,3 - Moderate,Phone,?,?,?,?,0,0,?\n"
        for n in range(100, 1200)
    )
    desk.log.write_text(LOG + rows, encoding="utf-8")
    pytest.importorskip("rich")
    if missing:
        monkeypatch.setitem(sys.modules, "rich.console", None)
    monkeypatch.setattr(type(sys.stderr), "isatty", lambda _: True)
    assert main(desk.words()) == 0
    out, err = capsys.readouterr()
    assert out.startswith("Incident report\n")
    assert ("reading" in err, "assessing" in err) == (not missing, not missing)


def test_progress_in_a_real_terminal(desk: Desk) -> None:
    """The bar goes to the terminal and the report to the pipe."""
    ours, theirs = pty.openpty()
    done = subprocess.run(
        command(*desk.words()), cwd=ROOT, stdout=subprocess.PIPE, stderr=theirs, check=False
    )
    os.close(theirs)
    shown = os.read(ours, 65536)
    os.close(ours)
    assert done.returncode == 0
    assert done.stdout.startswith(b"Incident report\n")
    assert b"reading" in shown


@pytest.mark.parametrize("enabled", [True, False])
def test_the_collector_is_left_as_it_was(
    desk: Desk, capsys: pytest.CaptureFixture[str], enabled: bool
) -> None:
    """The command pauses the cycle collector and puts it back."""
    import gc  # noqa: PLC0415

    was = gc.isenabled()
    try:
        (gc.enable if enabled else gc.disable)()
        assert main(desk.words()) == 0
        assert gc.isenabled() is enabled
    finally:
        (gc.enable if was else gc.disable)()
    capsys.readouterr()


def test_version_is_told(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """`--version` names the installed version, or says that none is installed."""
    for known, told in ((lambda _: "9.9", "itilkit 9.9\n"), (_not_installed, "itilkit unknown\n")):
        monkeypatch.setattr("importlib.metadata.version", known)
        with pytest.raises(SystemExit) as ended:
            main(["--version"])
        assert ended.value.code == 0
        assert capsys.readouterr().out == told


def _not_installed(name: str) -> str:
    raise PackageNotFoundError(name)


def test_help_names_every_option(capsys: pytest.CaptureFixture[str]) -> None:
    """`--help` is complete."""
    with pytest.raises(SystemExit):
        main(["report", "--help"])
    out = capsys.readouterr().out
    assert all(option in out for option in ("LOG", "--policy", "--zone", "--as-of", "--html", "--json"))
