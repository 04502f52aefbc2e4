"""JSONata of Pawl beside the reference implementation on Node, in the same run, on the same input, with the same results."""
import json
import random
import shutil
import statistics
from pathlib import Path

from ground import ROOT, Failure, own, run, say

REFERENCE = "jsonata@2.2.2"  # the npm package
EXPRESSIONS = Path(__file__).parent / "jsonata" / "expressions.json"
PROGRAM = ROOT / "build/release/pawl_bench_jsonata"
SECONDS = 0.2  # of one run
ORDERS = 200

CITIES = ["Aachen", "Basel", "Coimbra", "Dundee", "Essen", "Faro", "Ghent", "Halle"]
FORENAMES = ["ada", "bert", "cleo", "dora", "emil", "nora", "otto", "zoe"]
SURNAMES = ["Abel", "Brandt", "Costa", "Diaz", "Egger", "Fischer", "Novak", "Zander"]
THINGS = ["pen", "ink", "pad", "lamp", "desk", "chair", "shelf", "clock", "stapler", "binder"]


def make_orders(seed=7):
    """The orders of a shop, the same every time."""
    chance = random.Random(seed)

    def line():
        return {"sku": f"{chance.randrange(10**6):06}", "name": chance.choice(THINGS), "quantity": chance.randint(1, 9),
                "price": round(chance.uniform(0.5, 250), 2), "tags": chance.sample(["new", "sale", "bulk", "fragile"], 2)}

    def order(number):
        forename, surname = chance.choice(FORENAMES), chance.choice(SURNAMES)
        lines = [line() for _ in range(chance.randint(1, 6))]
        count = sum(one["quantity"] for one in lines)
        customer = {"name": f"{forename.title()} {surname}", "vip": chance.random() < 0.2,
                    "email": f"{forename}.{surname.lower()}@example.{chance.choice(['org', 'net', 'com'])}",
                    "address": {"street": f"{chance.randint(1, 99)} Main Street", "city": chance.choice(CITIES)}}
        placed = (f"2025-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
                  f"T{chance.randrange(24):02}:{chance.randrange(60):02}:00.000Z")
        return {"id": f"A{number}", "status": chance.choice(["open", "shipped", "returned"]), "placed": placed, "customer": customer,
                "lines": lines, "total": round(sum(one["price"] * one["quantity"] for one in lines), 2),
                "note": f"  {count} {'items' if count > 1 else 'item'}, ring twice  "}

    return {"shop": "corner", "orders": [order(number) for number in range(ORDERS)]}


def install_reference():
    """The folder of the package, installed into build/ where it is not there yet."""
    if not shutil.which("node") or not shutil.which("npm"):
        raise Failure("node and npm are missing: script/bootstrap installs them")
    place = ROOT / "build" / "reference" / REFERENCE
    package = place / "node_modules" / "jsonata"
    if not package.exists():
        say(f"installing {REFERENCE}")
        run("npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", place, REFERENCE)
    return package


def measured(command, place, expression, rounds):
    cases = place / "case.json"
    cases.write_text(json.dumps({"input": make_orders(), "expressions": [expression], "rounds": rounds, "seconds": SECONDS}),
                     encoding="utf-8")
    return json.loads(run(*command, cases))


def measure(directory, rounds):
    """For each expression its kind, and of both sides the runs and the median, in seconds of one evaluation."""
    reference = ("node", Path(__file__).parent / "jsonata" / "reference.js", install_reference())
    figures = []
    for row in json.loads(EXPRESSIONS.read_text(encoding="utf-8")):
        say(f"evaluating JSONata, {row['kind']}")
        # One right after the other, so that both meet the same machine.
        ours, theirs = (measured(command, own(directory), row["expression"], rounds) for command in ((PROGRAM,), reference))
        if ours["result"] != theirs["result"]:
            raise Failure(f"the results differ: {row['expression']}")
        figures.append({**row, "ours": ours["runs"], "theirs": theirs["runs"],
                        "our_median": statistics.median(ours["runs"]), "their_median": statistics.median(theirs["runs"])})
    return {"reference": REFERENCE, "node": run("node", "--version").strip(), "expressions": figures}
