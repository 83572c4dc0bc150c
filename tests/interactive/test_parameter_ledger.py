"""The parameter ledger shows the library's numbers, and the library's way to each."""

import re

import pytest

from cnnlib import Conv2D, Dense, Flatten, Network, architectures, interactive

NAME = "cnn-parameter-ledger"
STUDIED = [
    architectures.lenet5(), architectures.lenet5_1998(), architectures.alexnet(),
    architectures.alexnet_2012(), architectures.vgg16(),
]  # fmt: skip
COUNTS = {
    "parameters": ("parameters",),
    "MACs": ("macs",),
    "connections": ("connections",),
    "memory": ("parameter_bytes", "activation_bytes"),
}


@pytest.fixture
def ledger(show):
    return opened(show(interactive.parameter_ledger()))


def opened(page):
    page.wait_for_function(f"document.querySelector('{NAME}').shadowRoot?.querySelector('.bars')")
    return page


def shown(page):
    """The amounts beside the bars, without what only a screen reader says."""
    said = page.locator(".bars .amount").all_inner_texts()
    return [re.match(r"[\d,]+", text).group() for text in said]


def choose(page, network, count):
    page.get_by_role("combobox", name="network").select_option(label=network.name)
    page.get_by_role("radio", name=count).check(force=True)


def cost(row, quantities):
    return sum(getattr(row, quantity) for quantity in quantities)


def derivation(row, quantities):
    """The steps to a layer's number, as the library prints them."""
    steps = {q: [e.text() for e in row.derive(q).equations] for q in quantities}
    if len(steps) == 1:
        return next(iter(steps.values()))
    weights, outputs = steps.values()
    terms = [f"{getattr(row, quantity):,}" for quantity in quantities]
    return [
        *(f"weights: {line}" for line in weights),
        *(f"outputs: {line}" for line in outputs),
        f"{' + '.join(terms)} = {cost(row, quantities):,}",
    ]


@pytest.mark.parametrize("net", STUDIED, ids=lambda net: net.name)
@pytest.mark.parametrize("count", COUNTS)
def test_every_number_and_derivation_is_the_library_s(net, count, ledger):
    choose(ledger, net, count)
    quantities = COUNTS[count]
    amounts = [f"{cost(row, quantities):,}" for row in net]
    total = sum(cost(row, quantities) for row in net)
    assert shown(ledger) == [*amounts, f"{total:,}"]
    # Hovered from top to bottom in the page: one message for all.
    told = ledger.evaluate(
        f"""() => {{
            const figure = document.querySelector("{NAME}").shadowRoot;
            return [...figure.querySelectorAll(".bars > button")].map((bar) => {{
                bar.dispatchEvent(new PointerEvent("pointerenter"));
                return figure.querySelector(".derivation").textContent.split("\\n");
            }});
        }}"""
    )
    for (title, *lines), row in zip(told, net, strict=True):
        assert title.startswith(f"{row.name}, {row.kind}, output ")
        assert lines == derivation(row, quantities)


def test_totals_are_the_networks(ledger):
    for net in STUDIED:
        for count, (quantity, *more) in COUNTS.items():
            if not more:
                choose(ledger, net, count)
                total = ledger.locator(".total .amount").inner_text()
                assert total == f"{getattr(net, quantity):,}"


def test_bars_are_as_long_as_their_numbers(ledger):
    choose(ledger, STUDIED[2], "parameters")
    widths = ledger.evaluate(
        f"""() => [...document.querySelector("{NAME}").shadowRoot.querySelectorAll(".bar")]
            .map((bar) => bar.firstChild.getBoundingClientRect().width / bar.clientWidth)"""
    )
    largest = max(row.parameters for row in STUDIED[2])
    for width, row in zip(widths, STUDIED[2], strict=True):
        assert width == pytest.approx(row.parameters / largest, abs=0.01)


def test_arrow_keys_lead_from_layer_to_layer(ledger):
    choose(ledger, STUDIED[0], "parameters")
    said = ledger.locator(".derivation")
    assert said.get_attribute("aria-live") == "polite"
    ledger.locator('.bars [tabindex="0"]').focus()
    ledger.keyboard.press("Home")
    assert said.inner_text().startswith("C1, Conv2D")
    ledger.keyboard.press("ArrowDown")
    ledger.keyboard.press("ArrowDown")
    assert said.inner_text().startswith("C3, Conv2D, output 10 × 10 × 16: 3.9 % of the parameters")
    ledger.keyboard.press("End")
    ledger.keyboard.press("ArrowDown")
    assert said.inner_text().startswith("output, Dense")
    assert ledger.locator(".bars [tabindex='0']").count() == 1


def test_the_layer_stays_chosen_when_the_count_changes(ledger):
    choose(ledger, STUDIED[0], "parameters")
    ledger.get_by_role("button", name="F6 10,164 parameters, 16.5 %").click()
    choose(ledger, STUDIED[1], "connections")
    assert ledger.locator(".derivation").inner_text().startswith("F6, Dense")


def test_a_tap_tells_a_layer_s_story(show):
    page = opened(show(interactive.parameter_ledger(), width=390, has_touch=True))
    page.get_by_role("button", name="C3 2,416 parameters, 3.9 %").tap()
    assert page.locator(".derivation").inner_text().startswith("C3, Conv2D")


def test_networks_of_one_s_own_are_counted(show):
    layers = [Conv2D(2, 3, padding="same", use_bias=False), Flatten(), Dense(3)]
    net = Network((5, 4, 2), layers, name="mine & <yours>")
    page = opened(show(interactive.parameter_ledger(net)))
    assert shown(page) == ["36", "0", "123", "159"]
    assert page.get_by_role("combobox").locator("option").all_inner_texts() == [net.name]
    with pytest.raises(ValueError, match="must each be a Network, not 3"):
        interactive.parameter_ledger(net, 3)
