"""The two ways to work: a mouse, and a keyboard alone that always shows where it is."""

from playwright.sync_api import Page

FAR = 120  # presses of Tab that nobody should need
_AT = "selector => document.activeElement.matches(selector)"
_PLACES = """(el, value) => [
  [...el.options].findIndex(one => one.value === value), el.selectedIndex]"""
_SHOWN = """() => {
  const el = document.activeElement, of = [el, el.closest("label"), el.closest("td")];
  if (el === document.body) return true; // between the last stop of the page and its first
  const apart = "[type=date], [type=time], [type=datetime-local]"; // their parts take the focus
  return el.matches(`:focus-visible, ${apart}`) && of.some(one => one && (
    getComputedStyle(one).outlineStyle !== "none" || getComputedStyle(one).boxShadow !== "none"
    || one.matches(".composer *")));
}"""
_STEP = f"selector => [({_AT})(selector), ({_SHOWN})()]"


class Mouse:
    """Points at things; the keyboard is for texts only."""

    name = "mouse"

    def __init__(self, page: Page) -> None:
        self.page = page

    def do(self, selector: str, keys: str = "") -> None:
        """Use a button or a link."""
        self.page.locator(selector).first.click()

    def write(self, selector: str, text: str) -> None:
        """Write a text into a field."""
        self.page.locator(selector).first.click()
        self.page.keyboard.type(text)

    def choose(self, selector: str, value: str) -> None:
        """Choose an option of a list."""
        self.page.select_option(selector, value)

    def tick(self, selector: str, keys: str = "") -> None:
        """Tick a box."""
        self.page.locator(selector).first.click()

    def unfold(self, selector: str) -> None:
        """Open what is folded; a shortcut finds it folded too."""
        self.page.locator(selector).first.click()

    def edit(self, selector: str) -> None:
        """Begin to edit a cell."""
        self.page.locator(selector).first.dblclick()


class Keyboard:
    """Knows the shortcuts, and walks with Tab where there is none. Never touches a mouse."""

    name = "keyboard"

    def __init__(self, page: Page) -> None:
        self.page = page

    def do(self, selector: str, keys: str = "") -> None:
        """Use a button or a link, by its shortcut where it has one."""
        if keys:
            return self._press(keys)
        self.walk_to(selector)
        self.page.keyboard.press("Enter")

    def write(self, selector: str, text: str) -> None:
        """Write a text into a field."""
        self.walk_to(selector)
        self.page.keyboard.type(text)

    def choose(self, selector: str, value: str) -> None:
        """Choose an option of a list."""
        self.walk_to(selector)
        wanted, now = self.page.locator(selector).evaluate(_PLACES, value)
        for _ in range(abs(wanted - now)):
            self.page.keyboard.press("ArrowDown" if wanted > now else "ArrowUp")
        assert self.page.input_value(selector) == value

    def tick(self, selector: str, keys: str = "") -> None:
        """Tick a box."""
        if keys:
            return self._press(keys)
        self.walk_to(selector)
        self.page.keyboard.press("Space")

    def unfold(self, selector: str) -> None:
        """Nothing: a shortcut finds what is folded."""

    def edit(self, selector: str) -> None:
        """Begin to edit a cell: down to the row, along to the cell."""
        self._press("j")
        for _ in range(FAR):
            if self.page.evaluate(_AT, selector):
                return self._press("e")
            self.page.keyboard.press("ArrowRight")
        raise AssertionError(f"{selector} is never reached with the arrows")

    def _press(self, keys: str) -> None:
        self.page.wait_for_selector("html[data-ready]")
        for key in keys.split():
            self.page.keyboard.press(key)

    def walk_to(self, selector: str) -> None:
        """On with Tab until the focus is there; it must be seen on every step."""
        self.page.locator(selector).first.wait_for(state="attached")
        if self.page.evaluate(_AT, selector):
            return
        for _ in range(FAR):
            self.page.keyboard.press("Tab")
            is_there, is_seen = self.page.evaluate(_STEP, selector)
            assert is_seen, self.page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
            if is_there:
                return
        raise AssertionError(f"{selector} is never reached with Tab")


Hand = Mouse | Keyboard
HANDS = (Mouse, Keyboard)
