"""An adapter that hangs, spins, leaks, fills the disk or waits for a file, in a folder where a hub can find it."""

from pathlib import Path

CODE = """
import resource, signal, time
from pathlib import Path
from hub import Adapter, Complete, Normalised, Options, Organisation, Programme, ProgrammeType, RawRecord, hookimpl

class HowOptions(Options):
    how: str
    file: str = ""

class Misbehaving(Adapter[HowOptions]):
    name = "misbehaving"
    version = "1"
    options_type = HowOptions

    def fetch(self, job):
        for number in range(600):
            yield RawRecord(str(number), {"title": f"Traject {number}"})
        getattr(self, self.options.how)()
        yield Complete("it came to its end")

    def hang(self):
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        while True:
            time.sleep(3600)

    def spin(self):
        while True:
            pass

    def leak(self):
        kept = []
        while True:
            kept.append(bytearray(2**22))

    def fill(self):
        if Path(self.options.file).exists():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (65536, resource.RLIM_INFINITY))

    def wait(self):
        Path(self.options.file).with_suffix(".reached").touch()
        while not Path(self.options.file).exists():
            time.sleep(0.02)

    def normalise(self, record):
        return Normalised(Programme(
            title={"nl": record.payload["title"]},
            organisation=Organisation(name="Voorbeeld vzw"),
            programme_type=ProgrammeType.mentoring,
        ))

@hookimpl
def hub_adapters():
    return [Misbehaving]
"""
DISTRIBUTION = "schakel-misbehaving"


def install(folder: Path) -> Path:
    """Put the plugin in a folder, to be named in PYTHONPATH, and return that."""
    info = folder / f"{DISTRIBUTION.replace('-', '_')}-1.0.dist-info"
    info.mkdir(parents=True)
    (folder / "hub_misbehaving.py").write_text(CODE)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {DISTRIBUTION}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[hub]\nmisbehaving = hub_misbehaving\n")
    return folder
