"""Workers: orders handed out by procrastinate, a queue in PostgreSQL, to any number of processes.

The queue says who does what, and notices the dead by their heartbeat; what there is to do is in the
store. So the queue may be lost: it is made again, in a PostgreSQL schema of its own, named after
the version of procrastinate that made it.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
from collections.abc import Collection, Coroutine, Iterable, Iterator
from dataclasses import dataclass
from time import monotonic
from typing import Any, Final

import procrastinate
import psycopg
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from procrastinate.job_context import JobContext
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager
from procrastinate.schema import SchemaManager
from psycopg import sql

from core.clock import now
from core.errors import BadSettings, GlaneuseError, StoreFailed
from core.tracing import begin
from glaneuse.messages import sentence
from glaneuse.orders import Order, Stage
from glaneuse.workshop import Stopped, Workshop

SCHEMA: Final = "queue_" + procrastinate.__version__.replace(".", "_")
DO: Final = "do"
HEARTBEAT: Final = 5.0  # seconds
DEAD: Final = 30.0  # seconds without a heartbeat
LOOK: Final = 1.0  # seconds between two looks at whether everything is done
RETRY: Final = 5.0  # seconds before the database is asked again, after it failed
ROUND: Final = 20.0  # seconds between two looks at what there is to do
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Workers:
    """One process of them. ``url``: the store's address, on PostgreSQL.

    ``stages``: what this process does; any may plan. ``heartbeat``, ``dead``: seconds.
    """

    url: str
    workshop: Workshop
    stages: Collection[Stage]
    heartbeat: float = HEARTBEAT
    dead: float = DEAD

    def run(self, *, once: bool = False) -> None:
        """Work until told to stop; ``once``: until nothing is left to do, by anybody.

        Raises BadSettings when the store is not on PostgreSQL, StoreFailed when it is not there.
        """
        if not self.url.startswith("postgresql"):
            raise BadSettings("DATABASE_URL", self.url, "postgresql+psycopg://… (la file y est)")
        address = self.url.replace("postgresql+psycopg:", "postgresql:", 1)
        prepare(address)
        logging.getLogger("procrastinate").setLevel(logging.CRITICAL)  # we say it in our words
        try:
            asyncio.run(_Process(self, address).run(once=once))
        finally:
            self.workshop.close()


def prepare(address: str) -> None:
    """Have the queue's tables made, once; those of other versions are dropped."""
    try:
        with psycopg.connect(address) as connection:
            # One at a time: two workers may be started together.
            connection.execute("SELECT pg_advisory_xact_lock(hashtextextended('queue', 0))")
            rows = connection.execute(
                "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'queue\\_%'"
            )
            held = {str(row[0]) for row in rows}
            for old in held - {SCHEMA}:
                connection.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(old)))
            if SCHEMA not in held:
                name = sql.Identifier(SCHEMA)
                connection.execute(sql.SQL("CREATE SCHEMA {}").format(name))
                connection.execute(sql.SQL("SET LOCAL search_path TO {}").format(name))
                connection.execute(SchemaManager.get_schema())
    except psycopg.Error as error:
        raise StoreFailed(str(error)) from error


class _Process:
    """The loops of one process: hands that do orders, and an eye on what there is to do."""

    def __init__(self, workers: Workers, address: str) -> None:
        self._workers = workers
        self._shop = workers.workshop
        connector = procrastinate.PsycopgConnector(
            conninfo=address,
            kwargs={"options": f"-c search_path={SCHEMA}"},
            min_size=1,
            max_size=6,
        )
        self._app = procrastinate.App(connector=connector)
        self._task = self._app.task(name=DO, pass_context=True)(self._do)
        self._dry = asyncio.Event()  # nothing is left in the queue
        self._failed: set[str] = set()

    async def run(self, *, once: bool) -> None:
        """Until told to stop; the database may go and come back meanwhile."""
        loop = asyncio.get_running_loop()
        work = loop.create_task(self._work_on(once=once))

        def stop() -> None:
            self._shop.stop()
            work.cancel()

        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, stop)
        with contextlib.suppress(asyncio.CancelledError):
            await work

    async def _work_on(self, *, once: bool) -> None:
        while True:
            try:
                async with self._app.open_async():
                    await self._work(once=once)
                if once:
                    return
            except (ConnectorException, psycopg.Error, StoreFailed) as error:
                if once:
                    raise StoreFailed(str(error)) from error
            self._shop.say("worker", f"la base ne répond pas ; nouvel essai dans {RETRY:.0f} s")
            await asyncio.sleep(RETRY)

    async def _work(self, *, once: bool) -> None:
        """Until the database is lost, or ``once`` nothing is left to do."""
        tasks = [asyncio.create_task(one) for one in (self._oversee(once=once), *self._hands())]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for one in done:
                one.result()
        finally:
            for one in tasks:
                one.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    # -- doing orders -----------------------------------------------------------------------------

    def _hands(self) -> Iterator[Coroutine[Any, Any, None]]:
        """One for the stages; another for chores, so that a long reading holds up no letter."""
        mine = set(self._workers.stages)
        for queues in (mine - {Stage.CHORES}, mine & {Stage.CHORES}):
            if queues:
                yield self._app.run_worker_async(
                    queues=sorted(queues),
                    delete_jobs="always",
                    install_signal_handlers=False,
                    fetch_job_polling_interval=LOOK,
                    update_heartbeat_interval=self._workers.heartbeat,
                    stalled_worker_timeout=self._workers.dead,
                )

    async def _do(self, context: JobContext, *, stage: str, of: str) -> None:
        order = Order(Stage(stage), of)
        began = monotonic()
        begin()  # a job: its lines bear one number
        try:
            said = await asyncio.to_thread(self._shop.do, order, careful=context.job.attempts > 0)
        except Stopped:
            self._shop.say(order.name, "interrompu, sera repris")
            return
        except GlaneuseError as error:
            self._give_up(order, sentence(error))
            return
        except Exception as error:  # noqa: BLE001  the loop of the orders
            _log.exception("%s", order.name)
            self._give_up(order, f"erreur inattendue ({type(error).__name__})")
            return
        self._shop.say(order.name, f"{said} ({monotonic() - began:.1f} s)")
        if not await self._count("todo"):
            self._dry.set()

    def _give_up(self, order: Order, why: str) -> None:
        """It is ordered again at the next round."""
        self._failed.add(order.name)
        self._shop.say(order.name, why)

    # -- giving orders ----------------------------------------------------------------------------

    async def _oversee(self, *, once: bool) -> None:
        while True:
            self._dry.clear()
            await self._take_back()
            given = await self._order(but=self._failed if once else ())
            if once and not given and not await self._count("todo", "doing"):
                return
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._dry.wait(), LOOK if once else ROUND)

    async def _take_back(self) -> None:
        """What the dead were doing is to be done again."""
        manager = self._app.job_manager
        for job in await manager.get_stalled_jobs(seconds_since_heartbeat=self._workers.dead):
            if job.id is not None:
                self._shop.say(job.queueing_lock or DO, "repris à un processus qui ne répond plus")
                await self._free(job.id)

    async def _free(self, id: int) -> None:
        """Have this order done by another; if it is ordered already, the dead give up their lock.

        Another process may be quicker at either: then there is nothing to do.
        """
        manager = self._app.job_manager
        try:
            await manager.retry_job_by_id_async(id, now())
        except ConnectorException:
            with contextlib.suppress(ConnectorException):
                await manager.finish_job_by_id_async(id, Status.FAILED, delete_job=True)

    async def _order(self, but: Collection[str]) -> int:
        """Order what there is to do and is not ordered yet; how many orders that makes."""
        orders = await asyncio.to_thread(self._shop.plan)
        manager, given = self._app.job_manager, 0
        held = {
            job.queueing_lock for state in ("todo", "doing") for job in await _jobs(manager, state)
        }
        for order in orders:
            if order.name not in held and order.name not in but:
                with contextlib.suppress(AlreadyEnqueued):  # another process was quicker
                    await self._task.configure(
                        queue=order.stage,
                        lock=order.alone,
                        queueing_lock=order.name,
                        priority=_LATER.index(order.stage),
                    ).defer_async(stage=order.stage.value, of=order.of)
                    given += 1
        return given

    async def _count(self, *states: str) -> int:
        """Orders in these states that this process could do."""
        queues = await self._app.job_manager.list_queues_async()
        mine = [one for one in queues if one["name"] in self._workers.stages]
        return sum(one[state] for one in mine for state in states)


# What is nearest to readers is done first.
_LATER = (
    Stage.COLLECT,
    Stage.READ,
    Stage.GROUP,
    Stage.TAG,
    Stage.TELL,
    Stage.INDEX,
    Stage.CHORES,
)


async def _jobs(manager: JobManager, state: str) -> Iterable[Job]:
    return await manager.list_jobs_async(status=state)
