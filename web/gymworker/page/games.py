"""What a page asks for games and their recordings, a method a request. Runs on the page."""

from ..errors import MisuseError
from ..protocol import PLAY, REPLAY, WRITE_RECORDING
from .arguments import DEFAULT, whole
from .environment import EnvironmentRequests

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any, SupportsIndex

    from ..codec.light.array import Array
    from .checkpoint import Checkpoint
    from .game import Game
    from .game_fields import Episode, PlayState, ReplayResult, Transition


class GameRequests(EnvironmentRequests):
    """The part of ``PyodideWorker`` that is about games."""

    async def play(
        self,
        on_step: "Callable[[Transition], None] | None" = None,
        on_episode: "Callable[[Episode], None] | None" = None,
        on_state: "Callable[[PlayState], None] | None" = None,
        timeout: "float | None" = DEFAULT,
        *,
        on_checkpoint: "Callable[[Checkpoint], None] | None" = None,
        fps: "float | None" = None,
        action_mapping: "dict[Any, Any] | str | None" = None,
        default_action: "Any" = None,
        keys_to_action: "dict[Any, Any] | None" = None,
        noop: "Any" = None,
        input_mode: "str | None" = None,
        pointer: "Any" = None,
        wait_on_player: "bool | None" = None,
        num_episodes: "int | None" = None,
        max_steps: "int | None" = None,
        seed: "SupportsIndex | None" = None,
        options: "dict[str, Any] | None" = None,
        agents: "dict[Any, Any] | None" = None,
        seats: "dict[Any, str] | str | None" = None,
        recording: "str | Array | Sequence[Any] | None" = None,
        labels: "dict[Any, Any] | None" = None,
        paused: bool = False,
        rest: "bool | None" = None,
        record: bool = True,
        keep: "bool | dict[str, float] | None" = None,
        sync_test: "SupportsIndex | None" = None,
        checkpoint: "float | None" = 1.0,
        restore: "Checkpoint | None" = None,
        env: "str | None" = None,
    ) -> "Game":
        """Begin a game: the worker steps the environment at its own pace, keys steer it.

        A setting that is not given is the one in the ``play`` dict of the environment's code. The
        game that runs goes on if this one cannot begin, or is cancelled before it could: the worker
        checks the settings first, in a request of their own.

        Args:
            on_step: called with each ``Transition``, some at once, at most ten times a second.
            on_episode: called with the ``Episode`` at the end of each.
            on_state: called with the ``PlayState`` when it changes, at most ten times a second.
            timeout: seconds that the game's commands may take and that the environment may be
                silent while it runs; None for no limit.
            on_checkpoint: called with each ``Checkpoint``; see ``checkpoint``.
            fps: steps a second; by default ``env.metadata["render_fps"]``, else 30.
            action_mapping: actions by key, or ``"policy"``.
            default_action: the action where no key is pressed.
            keys_to_action: another name of ``action_mapping``, as Gymnasium has it.
            noop: another name of ``default_action``.
            input_mode: ``"pressed_keys"`` or ``"single_keystroke"``.
            pointer: what the mouse or a finger on the picture means, which ``Game.point`` tells:
                ``"position"`` (the action is where it is, in a ``Box`` of two numbers),
                ``"press"`` (the same while it is pressed), or the name of a function
                ``(x, y, pressed)`` of the environment's code; or one of these for ``{agent: ...}``.
            wait_on_player: whether to step only when a key was pressed. Where agents take turns it
                is so by default: the game waits in the turns of those who have keys, and a key that
                the action mask does not allow does nothing, see ``PlayState.refused``.
            num_episodes: after how many the game is over.
            max_steps: after how many an episode is truncated.
            seed: of the first episode; those after it count on from there.
            options: for each ``env.reset()``.
            agents: action mappings by agent, in an environment of several.
            labels: what people read for each action, ``{0: "Push left"}``; for one agent alone
                ``{agent: {0: "Push left"}}``.
            seats: who decides: ``"human"`` (the keys), ``"policy"`` (of the environment's code) or
                ``"random"``; for all agents, or a dict by agent.
            recording: watch these recorded episodes, as ``replay`` takes them, in place of playing:
                see ``Game.seek``. Their pace is that of the recording; it pauses at the end of the
                last one. Only ``fps`` and ``paused`` go with it.
            paused: begin paused: painted, and nothing stepped.
            rest: pause when an episode has ended, its last frame shown; ``reset`` begins the next.
            record: whether episodes are recorded.
            keep: keep states of the present episode, for ``Game.rewind`` and ``Game.correct``. As a
                dict of ``share`` (of the time, for taking them, by default 0.1) and ``bytes`` (of
                memory, 64,000,000). ``PlayState.kept`` is None where they cannot be saved.
            sync_test: after each step go back so many steps and make them again. If anything comes
                out differently the game fails with a ``NondeterminismError`` that names the place.
            checkpoint: seconds between two states that the game hands to the page, at least; None
                for none. After a hang or a crash ``restart`` goes on from the last one, with the
                steps after it to be made, and told, anew.
            restore: go on, paused, from ``game.checkpoint`` of an earlier game of this environment
                with the same settings, in another worker or on another day.
            env: which of several environments, by its name; by default the first. There is one game
                in a worker.

        Raises:
            RemoteError: a setting is wrong, the environment's ``reset`` raised, or the checkpoint
                does not fit: a ``StateError``.
            MisuseError: a setting is given under both of its names, or the seed is no whole number.
            EncodeError, TransportError, WorkerClosedError: as any request.
        """
        settings = {
            "fps": fps,
            "actionMapping": _one_of(action_mapping=action_mapping, keys_to_action=keys_to_action),
            "defaultAction": _one_of(default_action=default_action, noop=noop),
            "inputMode": input_mode,
            "pointer": pointer,
            "waitOnPlayer": wait_on_player,
            "numEpisodes": num_episodes,
            "maxSteps": max_steps,
            "seed": None if seed is None else whole(seed, "seed"),
            "options": options,
            "agents": agents,
            "seats": seats,
            "labels": labels,
            "paused": paused or None,
            "rest": rest,
            "record": None if record else False,
            "keep": keep,
            "syncTest": None if sync_test is None else whole(sync_test, "sync_test"),
            "steps": None if on_step is None else True,
            "env": env,
        }  # fmt: skip
        payload = {name: value for name, value in settings.items() if value is not None}
        if recording is not None:
            payload.update(_recorded(recording))
        elif checkpoint:
            payload["checkpoint"] = checkpoint
        if restore is not None:
            from .checkpoint import to_restore

            payload["restore"] = to_restore(restore)
        limit = self._limit(timeout)
        if self._link.games:
            checked = {"check": True}
            checked.update(payload)
            await self._link.send(PLAY, checked, limit)
        from .game import Game  # no boot waits for it, and no page that only steps

        told = on_step, on_episode, on_state, on_checkpoint
        game = Game(self._link, payload, limit, *told, restored=restore)
        request = game.play()
        try:
            reply = await request
        except Exception:
            self._link.games.pop(request.id, None)
            raise
        except BaseException:  # this task was cancelled, and nobody will have a handle
            self._link.end(game)
            raise
        game.begin(reply.value())
        return game

    async def replay(
        self,
        records: "str | Array | Sequence[Any]",
        timeout: "float | None" = DEFAULT,
        env: "str | None" = None,
    ) -> "ReplayResult":
        """Run recorded episodes again and check them step by step.

        Args:
            records: an ``Episode`` or its ``record`` or ``record_data`` for each; or the text of a
                recording (JSON Lines or CSV), or a ``uint8`` array of its bytes.
            timeout: seconds between two signs of progress, None for no limit.
            env: which of several environments, by its name; by default the first.

        Raises:
            RemoteError: the recording is broken (it names the line), or the environment raised.
            EncodeError, TransportError, WorkerClosedError: as any request.
        """
        payload = _recorded(records)
        if env is not None:
            payload["env"] = env
        from .game_fields import ReplayResult

        return ReplayResult(await self.request(REPLAY, payload, timeout))

    async def write_recording(
        self,
        records: "Sequence[Any]",
        format: str = "jsonl",
        *,
        environment: str = "",
        versions: "dict[str, Any] | None" = None,
        code: str = "",
        visitor: "dict[str, str] | None" = None,
        timeout: "float | None" = None,
    ) -> "Array":
        """Make a file of recorded episodes, in the worker: the page stays free.

        Args:
            records: an ``Episode`` or its ``record`` or ``record_data`` for each, or an array of
                several of them with a line feed after each.
            format: ``"jsonl"``, which ``replay`` takes, or ``"csv"``, which spreadsheets take too.
            environment: its name.
            versions: what they ran with, if that was another worker.
            code: the SHA-256 of its code, ``game.code``.
            visitor: who played, and in what: see ``recording.header``.
            timeout: seconds, None for no limit.

        Returns:
            The file, as the ``uint8`` array of its UTF-8 bytes.

        Raises:
            RemoteError: a record is broken, or there is no such format.
            EncodeError, TransportError, WorkerClosedError: as any request.
        """
        if versions is None:
            versions = self._link.version.fields if self._link.version is not None else {}
        about: dict[str, Any] = {"environment": environment, "versions": versions, "code": code}
        if visitor:
            about["visitor"] = visitor
        payload = {"records": _records(records), "about": about, "format": format}
        return await self.request(WRITE_RECORDING, payload, timeout)  # type: ignore[no-any-return]


def _recorded(records: "str | Array | Sequence[Any]") -> "dict[str, Any]":
    """Return recorded episodes as fields of a payload: a file, or one record after the other."""
    if isinstance(records, str) or hasattr(records, "dtype"):
        return {"recording": records}
    return {"episodes": _records(records)}


def _records(records: "Sequence[Any]") -> "list[Any]":
    from .game_fields import Episode

    return [item.record_data if isinstance(item, Episode) else item for item in records]


def _one_of(**names: "Any") -> "Any":
    """Return a setting that has two names.

    Raises:
        MisuseError: both are given.
    """
    given = [value for value in names.values() if value is not None]
    if len(given) > 1:
        raise MisuseError("expected one of " + " and ".join(sorted(names)) + ", got both")
    return given[0] if given else None
