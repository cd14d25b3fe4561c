"""``./pirab down``: everything stops, everything stays on disk."""

from engines import resolver
from engines.progress import say, step, warn
from engines.site import load_environment, require_root
from engines.supervisor import Supervisor
from engines.up import alone


def down() -> None:
    require_root("down")
    environment = load_environment()
    if not environment.home.exists():
        say(f"nothing to stop: {environment.home} does not exist")
        return
    with alone(environment):
        supervisor = Supervisor(resolver.look(environment))
        was_running = supervisor.is_running()
        with step("Stop every process"):
            left = supervisor.shutdown()
    if left:
        warn(f"had to end by force: {', '.join(left)}")
    elif not was_running:
        say("nothing was running")
