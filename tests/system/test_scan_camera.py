"""A label before the camera of a phone, in the Scan app: its separators are kept, and a code that
has lost them is not taken."""

import pytest
from camera_film import film, gs1_128, plain_128, playing
from playwright.sync_api import expect
from scan_goods import ScanGoods
from scanning import Handheld

_CODE = "010952012345678810CAM-1\x1d3712"


@pytest.mark.parametrize(("label", "read"), [(gs1_128, True), (plain_128, False)])
def test_gs1_128_keeps_its_separators_or_is_refused(server, tmp_path, label, read):
    goods = ScanGoods(server)
    path = tmp_path / "label.y4m"
    film(path, label(_CODE))
    with playing(path) as browser:
        phone = Handheld(browser, {**server, **goods.operator()})
        phone.open("#/look")
        phone.page.get_by_role("button", name="Camera").click()
        if read:
            phone.shows("What the code says")
            fields = phone.fields()
            assert (fields["10"], sorted(fields)) == ("CAM-1", ["01", "10", "37"])
        else:
            expect(phone.page.locator(".o_scan_camera")).to_contain_text("without its separators")
        assert phone.errors == []
