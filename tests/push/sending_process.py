"""A process that sends the webhooks of a hub until it is killed: python sending_process.py CONFIG."""

import sys
import time
from pathlib import Path

from hub.app.hub import Hub
from hub.app.pushing import Pusher

if __name__ == "__main__":
    with Hub.open(Path(sys.argv[1])) as hub:
        Pusher(hub).start()
        sys.stdout.write("sending\n")
        sys.stdout.flush()
        time.sleep(600)
