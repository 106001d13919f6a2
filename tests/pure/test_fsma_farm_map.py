"""The plan of a farm is to scale, north up, and draws nothing that is not known."""

import doctest
import xml.etree.ElementTree as ElementTree

import pytest
from fsma_tools import farm_map
from fsma_tools.farm_map import HEIGHT, WIDTH, Area, draw, svg

SQUARE = ((36.60, -121.60), (36.61, -121.60), (36.61, -121.5875), (36.60, -121.5875))


def test_field_is_as_wide_as_it_is_high_where_it_is_so_on_the_ground():
    # At 36.6° north 0.0125° of longitude are as long as 0.01° of latitude.
    xs, ys = zip(*draw([Area("North", corners=SQUARE)]).shapes[0].points, strict=True)
    assert max(xs) - min(xs) == pytest.approx(max(ys) - min(ys), rel=0.01)


def test_north_is_up_and_east_is_right():
    plan = draw([Area("South", (36.60, -121.60)), Area("North-east", (36.61, -121.59))])
    (south,), (north_east,) = (shape.points for shape in plan.shapes)
    assert north_east[1] < south[1]
    assert north_east[0] > south[0]


def test_bar_is_as_long_as_it_says():
    plan = draw([Area("South", (36.60, -121.60)), Area("North", (36.61, -121.60))])
    (south,), (north,) = (shape.points for shape in plan.shapes)
    metres = float(plan.bar_text.removesuffix(" m"))
    assert metres / plan.bar == pytest.approx(1113.2 / (south[1] - north[1]), rel=0.01)


@pytest.mark.parametrize(
    "areas",
    [
        [Area("One", (36.6, -121.6))],
        [Area("One", corners=SQUARE), Area("Far", (36.9, -121.0))],
        [Area("At the line", (0.0001, 179.9)), Area("Below", (-0.0001, 179.8))],
        [Area("Near the pole", (89.9, 10.0)), Area("Other", (89.8, 11.0))],
    ],
)
def test_everything_is_on_the_paper(areas):
    plan = draw(areas)
    points = [point for shape in plan.shapes for point in shape.points]
    assert all(0 < x < WIDTH and 0 < y < HEIGHT for x, y in points)
    assert 0 < plan.bar <= WIDTH / 2


def test_what_has_no_coordinates_is_left_out():
    assert draw([]) is None
    assert draw([Area("Somewhere")]) is None
    assert len(draw([Area("Somewhere"), Area("Here", (1.0, 2.0))]).shapes) == 1


def test_picture_is_well_formed_whatever_the_names_are():
    names = {'<script>alert("1")</script>', "Feld & Wiese", "Nord’s"}
    picture = ElementTree.fromstring(  # noqa: S314 - our own drawing
        svg(draw([Area(name, (36.6 + n / 100, -121.6)) for n, name in enumerate(sorted(names))]))
    )
    texts = {element.text for element in picture.iter("{http://www.w3.org/2000/svg}text")}
    assert names <= texts
    assert not list(picture.iter("{http://www.w3.org/2000/svg}script"))


def test_examples_of_the_tool_hold():
    assert doctest.testmod(farm_map).failed == 0
    assert doctest.testmod(farm_map).attempted > 0
