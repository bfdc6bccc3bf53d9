"""The script of docs/how-to/prices.md fetches every page. The network is a curl of ours, which serves two rows of pages."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

from price_data import action_item, page_of, vm_item

from pytest_mlschedule.costs.prices.price_files import read_prices

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "prices.md"
CURL = """#!{python}
import json, sys
pages = json.load(open({pages!r}))
with open({log!r}, "a") as log:
    print(*sys.argv[1:], sep="\\t", file=log)
filters = [word for word in sys.argv if "serviceName" in word]
key = next((name for name in pages if name in filters[0]), sys.argv[-1]) if filters else sys.argv[-1]
print(json.dumps(pages[key]))
"""


def test_the_script_of_the_page_fetches_every_page(tmp_path: Path) -> None:
    script = re.search(r'```bash title="fetch-prices.sh"\n(.*?)```', PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert script is not None
    first, second = (f"https://prices.azure.com:443/api/retail/prices?$skip={skip}" for skip in (1000, 2000))
    pages = {
        "Virtual Machines": page_of(vm_item(retailPrice=1), NextPageLink=first),
        first: page_of(vm_item(retailPrice=2), NextPageLink=second),
        second: page_of(vm_item(retailPrice=3)),
        "Logic Apps": page_of(action_item(0, 0)),
    }
    (tmp_path / "pages.json").write_text(json.dumps(pages), encoding="utf-8")
    (tmp_path / "bin").mkdir()
    curl = tmp_path / "bin" / "curl"
    curl.write_text(CURL.format(python=sys.executable, pages=str(tmp_path / "pages.json"), log=str(tmp_path / "log")))
    curl.chmod(0o755)
    (tmp_path / "prices").mkdir()
    (tmp_path / "prices" / "eastus-machines-4.json").write_text("of last time")
    environment = {
        "PATH": f"{tmp_path / 'bin'}{os.pathsep}{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    }
    done = subprocess.run(
        ["bash", "-c", script[1], "fetch-prices.sh", "eastus"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert sorted(path.name for path in (tmp_path / "prices").iterdir()) == [
        "eastus-logic-apps-1.json",
        *(f"eastus-machines-{number}.json" for number in (1, 2, 3)),
    ]
    prices = read_prices([tmp_path / "prices"])
    assert [item.retail_price for item in prices.items] == [0, 1, 2, 3]
    assert prices.notes == ()
    calls = (tmp_path / "log").read_text(encoding="utf-8").splitlines()
    assert calls[0].split("\t")[-2:] == [
        "$filter=serviceName eq 'Virtual Machines' and armRegionName eq 'eastus'",
        "https://prices.azure.com/api/retail/prices",
    ]
    assert [call.split("\t")[-1] for call in calls[1:3]] == [first, second]
