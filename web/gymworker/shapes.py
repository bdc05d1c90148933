"""What each message of the wire holds, for type checkers: MicroPython has no ``typing``.

The payloads of the requests, the replies and what a worker tells by itself, each as a TypedDict;
docs/protocol.md says what the fields mean. At run time this module is empty.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Literal, NotRequired, TypedDict

    class InitPayload(TypedDict, total=False):
        indexURL: str
        packages: list[str]

    class InstallPackagesPayload(TypedDict):
        packages: list[str]

    class InitEnvPayload(TypedDict):
        envCode: str
        globals: NotRequired[dict[str, Any]]
        fileName: NotRequired[str]
        files: NotRequired[dict[str, str]]
        env: NotRequired[str]

    class ResetPayload(TypedDict, total=False):
        seed: int | list[int | None]
        options: dict[str, Any]
        render: bool | Literal["send"]
        env: str

    class StepPayload(TypedDict):
        actions: Any
        render: NotRequired[bool | Literal["send"]]
        env: NotRequired[str]

    class RenderPayload(TypedDict, total=False):
        env: str

    class SeedRngPayload(TypedDict):
        seed: int

    class SamplePayload(TypedDict, total=False):
        seed: int
        agent: Any
        env: str

    class Operation(TypedDict):
        op: str
        params: NotRequired[dict[str, Any]]

    class BatchPayload(TypedDict):
        operations: list[Operation]
        env: NotRequired[str]

    class AttachCanvasPayload(TypedDict):
        canvas: NotRequired[Any]
        baseURL: NotRequired[str]
        pixelRatio: NotRequired[float]

    class RestoreFields(TypedDict):
        state: Any
        parts: NotRequired[list[Any]]
        episode: NotRequired[int]
        seed: NotRequired[int]

    class PlayPayload(TypedDict, total=False):
        fps: float
        actionMapping: dict[Any, Any] | Literal["policy"]
        defaultAction: Any
        inputMode: Literal["pressed_keys", "single_keystroke"]
        pointer: Any
        waitOnPlayer: bool
        numEpisodes: int
        maxSteps: int
        seed: int
        options: dict[str, Any]
        agents: dict[Any, Any]
        seats: dict[Any, Any] | str
        labels: dict[Any, Any]
        steps: bool
        paused: bool
        rest: bool
        record: bool
        keep: bool | dict[str, float]
        syncTest: int
        check: bool
        episodes: list[Any]
        recording: Any
        checkpoint: float
        restore: RestoreFields
        env: str

    class CorrectionFields(TypedDict):
        step: int
        actions: Any

    class ControlPayload(TypedDict, total=False):
        command: Literal[
            "pause", "resume", "step", "act", "stop", "reset", "seek", "rewind", "correct"
        ]
        fps: float
        steps: bool
        seed: int
        episode: int
        step: int
        corrections: list[CorrectionFields]
        actions: Any
        game: int

    class KeysPayload(TypedDict, total=False):
        key: str
        down: bool
        amount: float
        pressed: list[str]
        pointer: list[Any]
        mark: str
        time: float
        game: int

    class ReplayPayload(TypedDict, total=False):
        episodes: list[Any]
        recording: Any
        env: str

    class WriteRecordingPayload(TypedDict):
        records: list[Any]
        about: NotRequired[dict[str, Any]]
        format: NotRequired[Literal["jsonl", "csv"]]

    class GetStatePayload(TypedDict, total=False):
        env: str

    class SetStatePayload(TypedDict):
        state: Any
        env: NotRequired[str]

    class ComputeHashPayload(TypedDict, total=False):
        env: str

    class Request(TypedDict):
        type: str
        id: int
        payload: NotRequired[Any]

    class ResetFields(TypedDict):
        obs: Any
        infos: Any
        render_state: Any
        agent: NotRequired[Any]

    class StepFields(TypedDict):
        obs: Any
        rewards: Any
        terminateds: Any
        truncateds: Any
        infos: Any
        render_state: Any
        agent: NotRequired[Any]

    class StateFields(TypedDict):
        state: Any
        hash: str
        seconds: float

    class HashFields(TypedDict):
        hash: str

    class Steering(TypedDict):
        keys: list[str]
        action: Any
        agent: Any
        label: NotRequired[str]
        analog: NotRequired[bool]

    class ErrorFields(TypedDict):
        name: str
        message: str
        stack: str
        failedIndex: NotRequired[int]
        partialResults: NotRequired[list[Any]]
        fatal: NotRequired[bool]

    class Difference(TypedDict):
        episode: int
        step: int
        field: str
        expected: Any
        got: Any
        obs: NotRequired[str]

    class ReplayFields(TypedDict):
        episodes: int
        steps: int
        difference: Difference | None
        sameCode: bool
        hint: str | None

    class PlayStateFields(TypedDict):
        number: int
        state: str
        episode: int
        step: int
        seed: int
        returns: Any
        fps: float
        rate: float
        stepTime: float | None
        latency: float | None
        slow: bool
        kept: int | None
        ahead: NotRequired[int]
        confirmed: NotRequired[int]
        hash: NotRequired[str]
        error: NotRequired[ErrorFields]
        replay: NotRequired[ReplayFields]
        agent: NotRequired[Any]
        refused: NotRequired[Steering]

    class Decider(TypedDict):
        agent: Any
        kind: Literal["human", "policy", "random"]
        choices: list[str]

    class RecordedEpisode(TypedDict):
        seed: int
        steps: int
        ended: str | None

    class PlayFields(TypedDict):
        controls: list[Steering]
        fps: float
        agents: list[Any]
        seats: list[Decider]
        pointer: NotRequired[bool]
        code: str
        episodes: NotRequired[list[RecordedEpisode]]
        state: PlayStateFields

    class Transition(TypedDict):
        episode: int
        step: int
        obs: Any
        nextObs: Any
        action: Any
        reward: Any
        terminated: Any
        truncated: Any
        info: Any
        latency: float | None

    class Versions(TypedDict):
        protocol: int
        python: str
        pyodide: str
        packages: dict[str, str]

    class Ready(TypedDict):
        type: Literal["ready"]
        id: NotRequired[int]
        version: Versions

    class Installed(TypedDict):
        type: Literal["installed"]
        id: int
        packages: dict[str, str]

    class EnvironmentFields(TypedDict):
        name: str
        kind: Literal["gymnasium", "parallel", "aec", "vector"]
        spec: str | None
        metadata: dict[str, Any]
        renderMode: str | None
        agents: list[Any]
        observationSpace: Any
        actionSpace: Any
        keys: list[Steering]

    class EnvReady(TypedDict):
        type: Literal["envReady"]
        id: int
        env: EnvironmentFields

    class Result(TypedDict):
        type: Literal["result"]
        id: int
        result: Any

    class Error(TypedDict):
        type: Literal["error"]
        id: NotRequired[int]
        error: ErrorFields

    class Progress(TypedDict):
        type: Literal["progress"]
        id: NotRequired[int]
        stage: str
        message: str
        loaded: NotRequired[int]
        total: NotRequired[int]
        timestamp: float

    class Log(TypedDict):
        type: Literal["log"]
        level: Literal["debug", "info", "warning", "error", "critical"]
        stream: Literal["stdout", "stderr"]
        text: str
        partial: NotRequired[bool]

    class PlayState(PlayStateFields):
        type: Literal["playState"]
        game: int

    class Transitions(TypedDict):
        type: Literal["transitions"]
        game: int
        transitions: list[Transition]

    class Episode(TypedDict):
        type: Literal["episode"]
        game: int
        episode: int
        seed: int
        steps: int
        returns: Any
        seconds: float
        terminated: Any
        truncated: Any
        ended: Literal["terminated", "truncated", "stopped", "reset", "error", "interfered"]
        infos: Any
        error: NotRequired[ErrorFields]
        record: NotRequired[Any]
        recordProblem: NotRequired[str]

    class Checkpoint(TypedDict):
        type: Literal["checkpoint"]
        game: int
        episode: int
        seed: int
        step: int
        state: NotRequired[Any]
        parts: NotRequired[list[Any]]
        problem: NotRequired[str]

    Message = (
        Ready | Installed | EnvReady | Result | Error | Progress | Log
        | PlayState | Transitions | Episode | Checkpoint
    )  # fmt: skip
