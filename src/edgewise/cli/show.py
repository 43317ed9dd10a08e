"""Events for a person at a terminal: the answer plainly, the steps dimmed when asked for."""

from rich.console import Console

from edgewise.agent.explain import explain
from edgewise.core.event import Answered, Event, NeedsApproval, Stopped, TextDelta
from edgewise.core.words import Language


class Screen:
    """Prints what a person should see of each event; streamed text appears as it comes."""

    def __init__(self, *, verbose: bool = False, language: Language = Language.ENGLISH) -> None:
        self._out = Console(highlight=False, soft_wrap=True, markup=False)
        self._verbose = verbose
        self._language = language
        self._streamed = ""

    def show(self, event: Event) -> None:
        """Print one event."""
        match event:
            case TextDelta(text=text):
                self._streamed += text
                self._out.print(text, end="")
            case Answered() if self._streamed:
                before, streamed, after = event.text.partition(self._streamed.strip())
                self._out.print(after if streamed else "")
                if streamed and before:  # what the device itself has to say of it
                    self._out.print(before.strip())
                self._streamed = ""
            case Answered():
                self._out.print(event.text)
            case NeedsApproval() | Stopped():
                if self._streamed:
                    self._out.print()
                self._out.print(event.text, style="red" if isinstance(event, Stopped) else "yellow")
            case _:
                pass
        if self._verbose:
            for line in explain([event], self._language):
                self._out.print(line, style="dim")
