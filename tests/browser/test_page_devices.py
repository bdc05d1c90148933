"""Other ways to play: touch, gamepad, several pages at once, a tab that nobody sees."""

import time

from playwright.sync_api import Browser, expect

from tests.browser.browsers import in_chromium
from tests.browser.pages import open_page, wait_for, watched
from tests.browser.player import DEADLINE, Player
from tests.browser.servers import Served

LEFT, STILL, RIGHT = 0, 1, 2  # MountainCar's actions

# No test has a gamepad at hand: this one is what a browser would tell of one.
GAMEPAD = """
window.pad = {
  connected: true,
  axes: [0, 0, 0, 0],
  buttons: Array.from({ length: 17 }, () => ({ pressed: false, value: 0 })),
};
navigator.getGamepads = () => [null, window.pad, null, null];
"""


@in_chromium
def test_a_phone_plays_with_touch_buttons(browser: Browser, served: Served) -> None:
    size = {"width": 360, "height": 740}
    with watched(browser, served.url, viewport=size, has_touch=True, is_mobile=True) as context:
        page = open_page(context, served.url, "done")
        player = Player(page)
        player.follow_steps()
        player.choose("MountainCar")
        page.locator("#start").tap()
        player.wait_for("armed")
        page.locator("#stage").tap()
        player.wait_for("running")
        player.wait_for_action(STILL)
        fingers = context.new_cdp_session(page)
        button = page.get_by_role("button", name="Right arrow")
        button.scroll_into_view_if_needed()
        box = button.bounding_box()
        assert box and min(box["width"], box["height"]) >= 44
        point = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
        fingers.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [point]})
        player.wait_for_action(RIGHT)
        player.wait_for_steps(5)
        assert page.inner_text("#last-action") == str(RIGHT)  # as long as the finger is there
        fingers.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        player.wait_for_action(STILL)
        player.choose("FrozenLake", seed=1)
        page.locator("#start").tap()
        player.wait_for("waiting")
        page.get_by_role("button", name="Down arrow").tap()
        expect(page.locator("#step")).to_have_text("1", timeout=DEADLINE)
        player.wait_for_action(1)


@in_chromium
def test_a_gamepad_plays(browser: Browser, served: Served) -> None:
    with watched(browser, served.url) as context:
        context.add_init_script(GAMEPAD)
        page = open_page(context, served.url, "done")
        player = Player(page)
        player.follow_steps()
        player.choose("MountainCar")
        player.start()
        page.evaluate("dispatchEvent(new Event('gamepadconnected'))")
        player.wait_for_action(STILL)
        page.evaluate("pad.axes[0] = -1")
        player.wait_for_action(LEFT)
        page.evaluate("pad.axes[0] = 0.1")  # sticks are never quite still
        player.wait_for_action(STILL)
        page.evaluate("pad.buttons[15].pressed = true")  # the cross
        player.wait_for_action(RIGHT)
        page.evaluate("pad.buttons[15].pressed = false")
        player.wait_for_action(STILL)
        player.choose("Taxi", seed=2)
        player.start()
        page.evaluate("pad.buttons[0].pressed = true")  # the first that is no direction
        player.wait_for_action(4)


def test_three_games_run_on_three_pages_at_once(browser: Browser, served: Served) -> None:
    with watched(browser, served.url) as context:
        players = [Player(open_page(context, served.url, "done")) for _ in range(3)]
        for player, name in zip(players, ("MountainCar", "Pond", "Duet"), strict=True):
            player.page.bring_to_front()
            player.choose(name)
            player.start()
        for player in players:
            player.page.bring_to_front()
            before = int(player.page.inner_text("#episode")), player.step
            player.page.wait_for_function(
                """([episode, step]) => Number(document.querySelector("#episode").textContent)
                  > episode || Number(document.querySelector("#step").textContent) > step + 20""",
                arg=list(before),
                timeout=DEADLINE,
            )
            assert player.page.get_attribute("html", "data-game") == "running"


# No browser without a window hides a page. These take from one what hiding takes: the worker's
# frames, which wait, and the page's timers, which come once a second.
WORKER = """
() => {
  const request = self.requestAnimationFrame.bind(self);
  self.waiting = null;
  self.requestAnimationFrame = (callback) =>
    self.waiting ? self.waiting.push(callback) : request(callback);
}
"""
HIDE_WORKER = "() => { self.waiting = []; }"
SHOW_WORKER = """
() => {
  const waiting = self.waiting;
  self.waiting = null;
  waiting.forEach((callback) => self.requestAnimationFrame(callback));
}
"""
HIDE_PAGE = """
() => {
  Object.defineProperty(document, "hidden", { value: true, configurable: true });
  window.brisk = window.setTimeout;
  window.setTimeout = (callback, delay, ...rest) =>
    window.brisk(callback, Math.max(delay ?? 0, 1000), ...rest);
  document.dispatchEvent(new Event("visibilitychange"));
}
"""
SHOW_PAGE = """
() => {
  delete document.hidden;
  window.setTimeout = window.brisk;
  document.dispatchEvent(new Event("visibilitychange"));
}
"""


@in_chromium
def test_a_hidden_tab_does_not_stop_the_game(browser: Browser, served: Served) -> None:
    with watched(browser, served.url) as context:
        page = context.new_page()
        with page.expect_worker() as started:
            page.goto(served.url)
        worker = started.value
        worker.evaluate(WORKER)
        wait_for(page, "done")
        player = Player(page)
        player.choose("MountainCar")
        player.start()
        page.keyboard.down("ArrowRight")  # the picture changes with each step
        player.wait_for_steps(3)
        worker.evaluate(HIDE_WORKER)
        page.evaluate(HIDE_PAGE)
        hidden = time.monotonic()
        player.wait_for_steps(3)  # a frame may have been on its way
        frame = player.fingerprint()
        player.wait_for_steps(60)
        assert 1.5 < time.monotonic() - hidden < 10, "60 steps of 30 a second take 2 s"
        assert player.fingerprint() == frame, "nobody sees it, so nothing is painted"
        worker.evaluate(SHOW_WORKER)
        page.evaluate(SHOW_PAGE)
        player.wait_for_steps(5)
        assert player.fingerprint() != frame
        expect(page.locator("#game-state")).to_have_text("Playing")
