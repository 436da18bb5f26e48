"""A rehearsal in a process of its own, for the workbench: no key waits for it, and what it reads ends with it.

Started as `python -m omtui.rehearsal.child`. Both sides are the same program of the same person: questions are read
from standard input and answers are written to standard output, pickled, each with its length before it. The process
ends with its standard input, which ends with the workbench, however that ends. Nothing of the orders is written
anywhere else.
"""

import os
import pickle
import sys
from collections.abc import Callable
from queue import SimpleQueue
from threading import Thread
from typing import IO, Final

from omtui.gc_tuning import collect_seldom
from omtui.rehearsal.job import LENGTH, ChildAnswer, Question
from omtui.rehearsal.live import LiveRehearsal, Steps

_ENDED: Final = object()
_AFTER_KEYS: Final = 5
"""How much later than others it gets a processor: the workbench draws first."""


def main() -> None:
    """Answer what is asked on standard input until it ends."""
    asked: SimpleQueue[Question] = SimpleQueue()
    collect_seldom()
    if hasattr(os, "nice"):
        os.nice(_AFTER_KEYS)
    Thread(target=_listen, args=(sys.stdin.buffer, asked), daemon=True).start()
    answer_all(asked, lambda answer: write_framed(sys.stdout.buffer, answer))


def _listen(stream: IO[bytes], asked: "SimpleQueue[Question]") -> None:
    try:
        while head := stream.read(LENGTH):
            asked.put(pickle.loads(stream.read(int.from_bytes(head))))
    finally:
        os._exit(0)  # whatever is being read or judged: nobody waits for it any more


def write_framed(stream: IO[bytes], answer: ChildAnswer) -> None:
    """Write an answer with its length before it."""
    content = pickle.dumps(answer)
    stream.write(len(content).to_bytes(LENGTH) + content)
    stream.flush()


def answer_all(asked: "SimpleQueue[Question]", answer_with: Callable[[ChildAnswer], None]) -> None:
    """Answer questions for ever. The newest goes first, and older ones go on after it unless they are taken back."""
    live = LiveRehearsal()
    open_questions: dict[int, Steps] = {}
    while True:
        while not open_questions or not asked.empty():
            question = asked.get()
            if question.job is None:
                open_questions.pop(question.number, None)
            else:
                open_questions[question.number] = live.answers(question.job)
        number = next(reversed(open_questions))
        answer: object = next(open_questions[number], _ENDED)
        if answer is _ENDED:
            del open_questions[number]
        elif answer is not None:
            answer_with(ChildAnswer(number, answer))


if __name__ == "__main__":
    main()
