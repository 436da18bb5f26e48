"""How long an open connection is watched: a pause of this machine and a long way must not turn into "open"."""

import asyncio
import socket
import threading

from omtui.practice.server import Behaviour, Channel
from omtui.topology.connection import Connection
from omtui.topology.deadlines import Deadlines
from omtui.topology.evidence import Evidence
from tests.topology.servers import Ground, surroundings, target


async def test_a_farewell_that_arrives_while_this_machine_pauses_is_heard() -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    around = surroundings()
    deadlines = Deadlines()
    connection = Connection(
        target(listener.getsockname()[1], scheme="tcp", expect="open"), around, Evidence(), deadlines
    )
    stream = await connection.connect(await connection.resolve())
    assert stream is not None

    def pause() -> None:
        listener.accept()[0].close()
        threading.Event().wait(1.0)  # longer than the whole patience

    asyncio.get_running_loop().call_soon(pause)
    stop = await connection.closes_by_itself(stream)
    connection.close()
    listener.close()
    await around.transport.close()
    assert stop is not None
    assert stop.word == "closed-early"


async def test_a_farewell_may_need_a_round_trip(loopback: Ground) -> None:
    def closes_late(_: str) -> Behaviour:
        async def behave(channel: Channel) -> None:
            await asyncio.sleep(0.8)

        return behave

    around = surroundings()
    deadlines = Deadlines()
    connection = Connection(target(loopback.listen(closes_late).port, scheme="tcp"), around, Evidence(), deadlines)
    far = await connection.connect(await connection.resolve())
    assert far is not None
    connection.evidence.times.connect = 300.0  # milliseconds: as if from another continent
    stop = await connection.closes_by_itself(far)
    connection.evidence.times.connect = 1.0
    near = await connection.fresh()
    stays = await connection.closes_by_itself(near)  # type: ignore[arg-type]
    connection.close()
    await around.transport.close()
    assert stop is not None
    assert stop.word == "closed-early"
    assert stays is None
