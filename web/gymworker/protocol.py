"""The wire: every message name, and the version of names and shapes. Runs everywhere.

The page sends requests ``{type, id, payload}``; the worker sends messages ``{type, id?, ...}``. Ids
are increasing integers from the page. Every reply, progress included, echoes the id of its request;
what answers no request (boot progress, the first ``ready``, ``log``, what a game tells) has none.
No other module spells a name of the wire; ``shapes`` has what each message holds.
"""

PROTOCOL_VERSION = 1

# Requests: page to worker.
INIT = "init"
INSTALL_PACKAGES = "installPackages"
INIT_ENV = "initEnv"
RESET = "reset"
STEP = "step"
RENDER = "render"
SEED_RNG = "seedRng"
SAMPLE = "sample"
BATCH = "batch"
ATTACH_CANVAS = "attachCanvas"
PLAY = "play"
CONTROL = "control"
KEYS = "keys"
REPLAY = "replay"
WRITE_RECORDING = "writeRecording"
GET_STATE = "getState"
SET_STATE = "setState"
COMPUTE_HASH = "computeHash"

# Replies and messages: worker to page.
READY = "ready"
INSTALLED = "installed"
ENV_READY = "envReady"
RESULT = "result"
ERROR = "error"
PROGRESS = "progress"
LOG = "log"
PLAY_STATE = "playState"
TRANSITIONS = "transitions"
EPISODE = "episode"
CHECKPOINT = "checkpoint"

# The first message of a Python page: its transferred MessagePort carries everything after it.
CONNECT = "connect"

# Around a restart, beside the port. The worker hands over what it compiled, with the snapshot's
# memory; the page keeps it, and gives it back to the next worker, which asks for it as it begins.
KEEP = "keep"
GIVE_BACK = "giveBack"

REPLY_TO = {
    INIT: READY,
    INSTALL_PACKAGES: INSTALLED,
    INIT_ENV: ENV_READY,
    RESET: RESULT,
    STEP: RESULT,
    RENDER: RESULT,
    SEED_RNG: RESULT,
    SAMPLE: RESULT,
    BATCH: RESULT,
    ATTACH_CANVAS: RESULT,
    PLAY: RESULT,
    CONTROL: RESULT,
    KEYS: RESULT,
    REPLAY: RESULT,
    WRITE_RECORDING: RESULT,
    GET_STATE: RESULT,
    SET_STATE: RESULT,
    COMPUTE_HASH: RESULT,
}
"""The reply that settles each request; a user's own request types settle with ``result``."""
