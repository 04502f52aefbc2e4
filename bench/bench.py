"""Holds Pawl against what copies, restores, evaluates and stores beside it: each figure is a ratio of the same run on the same machine.

  script/bench [--fleet] [--whole] [--only-engine | --only-functions | --only-jobs | --only-jsonata]
               [--size-mb 700] [--rounds 5] [--json FILE] [--directory DIR]

Copy and restore of a snapshot are held against a plain copy with sync of the same bytes, and a real server against its
limit of memory. With --fleet, three databases (0.15, 0.75 and 3 GB) are also restored at once, by Pawl and by pgBackRest.
pgBackRest runs as it comes (gz, one process), and better equipped for comparison. --only-fleet leaves out the rest.

JSONata is held against the reference implementation, the package jsonata of npm on Node: ten kinds of expression over the
same orders, compiled once and evaluated many times in one process, with the same results. Of the medians of the ten, the
geometric means are compared.

The engine is held against rows of the same size that SQLite alone writes, against what the same server answers when there is
nothing to do, and against the aims of the project; its reads are measured while 48 connections start executions. --whole has
1,000,000 executions sleep in place of 200,000, for about nine minutes.

Array jobs are held against a bare loop of posix_spawn and wait over as many processes of the same program, two at once: the 30,000
workers of an array run over 400,000 records, which leave 7 GB that take minutes to remove again. And 10,000 processes that do nothing
against GNU parallel and xargs.

Functions are warm calls of a program in C++ that answers at once, one after another and eight at once.

Exit status: 0 when all limits are held, 1 when one is not, 2 when it could not be measured.
"""
import argparse
import json
import os
import platform
import shutil
import statistics
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.dont_write_bytecode = True
import calling  # noqa: E402
import querying  # noqa: E402
import running  # noqa: E402
import serving  # noqa: E402
import spawning  # noqa: E402
from backrest import BackRest  # noqa: E402
from ground import (RESTORE, Failure, Ground, build, own, require_space, run, say, timed)  # noqa: E402
from source import Source  # noqa: E402
from table import Row, show  # noqa: E402

FLEET = {"small": 150, "middle": 750, "large": 3000}  # megabytes
COPY_LIMIT = RESTORE_LIMIT = 1.2  # of cp -a and sync -f
FLEET_LIMIT = 0.4  # of pgBackRest
MEMORY_LIMIT = 100_000_000
QUERY_LIMIT = 20  # times as quick as the reference
JUDGED_BYTES = 700_000_000


def bench_restore(*words):
    return json.loads(run(RESTORE, *words) or "{}")


def medians(runs):
    return {kind: statistics.median(values) for kind, values in runs.items()}


def copy_plainly(source, target):
    run("cp", "-a", source, target)
    run("sync", "-f", target)


def measure_single(directory, size_mb, rounds):
    own(directory)
    source = Source(directory, "single", size_mb)
    region = own(directory / "region")
    data = source.snapshot(region)
    source.stop()
    shutil.rmtree(source.directory)
    target = own(directory / "target")
    report = {}

    def restore(place):
        report["restore"] = bench_restore("restore", data, place, target)

    def copy(place):
        report["copy"] = bench_restore("copy", data, place)

    kinds = {"cp": lambda place: copy_plainly(data, place), "copy": copy, "restore": restore}
    runs, peak = {kind: [] for kind in kinds}, {"copy": 0, "restore": 0}
    for number in range(rounds + 1):  # the first warms up and is not counted
        say(f"copying and restoring, round {number} of {rounds}")
        for kind, work in kinds.items():
            place = target / f"{kind}-{number}"
            took, _ = timed(lambda: work(place))
            if number > 0:
                runs[kind].append(took)
            if kind == "restore":
                run(RESTORE, "stop", place)
            if kind in peak:
                peak[kind] = max(peak[kind], report[kind]["peak_bytes"])
            shutil.rmtree(place)
    served = serving.measure(directory / "serve", region, ["single"])
    return {"bytes": report["copy"]["bytes"], "seconds": runs, "median": medians(runs), "peak_bytes": peak, "served": served}


def measure_fleet(directory, rounds):
    own(directory)
    sources = [Source(directory, name, size) for name, size in FLEET.items()]
    region = own(directory / "region")
    snapshots = {source.name: source.snapshot(region) for source in sources}
    compressed, plain = (BackRest(directory / name, sources, options)
                         for name, options in (("gz", []), ("plain", ["compress-type=none"])))
    for source in sources:
        source.stop()
        shutil.rmtree(source.data)  # no restore reads it
    target = own(directory / "target")

    def with_processes(repository, *options):
        return lambda source, place, socket: repository.restore(source, place, socket, *options)

    kinds = {"pawl": lambda source, place, socket: bench_restore("restore", snapshots[source.name], place, socket),
             "cp": lambda source, place, socket: copy_plainly(snapshots[source.name], place),
             "pgbackrest": with_processes(compressed),
             "processes": with_processes(compressed, f"--process-max={os.cpu_count()}"),
             "tuned": with_processes(plain, "--process-max=4")}
    runs = {kind: [] for kind in kinds}
    for number in range(rounds):
        for kind, restore in kinds.items():
            say(f"restoring three at once with {kind}, round {number + 1} of {rounds}")
            places = {source: target / f"{kind}-{number}-{source.name}" for source in sources}
            sockets = {source: own(target / f"{number}{kind[:2]}-{source.name}") for source in sources}
            with ThreadPoolExecutor(len(sources)) as pool:
                work = lambda source: restore(source, places[source], sockets[source])  # noqa: E731
                runs[kind].append(timed(lambda: list(pool.map(work, sources)))[0])
            for place in places.values():
                if kind != "cp":
                    run(RESTORE, "stop", place)
                shutil.rmtree(place)
            run("sync", "-f", target)  # what is removed is no work for the next
    served = serving.measure(directory / "serve", region, list(FLEET))
    return {"seconds": runs, "median": medians(runs), "processors": os.cpu_count(), "served": served}


def rows_of_single(single):
    median, peak, served = single["median"], single["peak_bytes"], single["served"]
    size = f"{single['bytes'] / 1e6:.0f} MB"
    # In a smaller one the start of programs counts more than the bytes, so it is held to no ratio.
    is_judged = single["bytes"] >= JUDGED_BYTES
    return [Row.of_seconds(f"copy of {size}, cp -a and sync -f", median["copy"], median["cp"],
                           COPY_LIMIT if is_judged else None),
            Row.of_seconds(f"restore of {size} to a query, the same", median["restore"], median["cp"],
                           RESTORE_LIMIT if is_judged else None),
            Row.of_memory("memory of the copy", peak["copy"], MEMORY_LIMIT),
            Row.of_memory("memory of the restore", peak["restore"], MEMORY_LIMIT),
            Row.of_memory(f"memory of pawl serve, {size}", served["peak_bytes"], MEMORY_LIMIT),
            Row.of_seconds(f"whole pipeline in pawl serve, {size}", served["seconds"])]


def rows_of_fleet(fleet):
    median, served = fleet["median"], fleet["served"]
    return [Row.of_seconds("three at once, pgBackRest as it comes", median["pawl"], median["pgbackrest"], FLEET_LIMIT),
            Row.of_seconds(f"the same with {fleet['processors']} processes", median["pawl"], median["processes"]),
            Row.of_seconds("the same with 4, no compression", median["pawl"], median["tuned"]),
            Row.of_seconds("three at once, cp -a and sync -f", median["pawl"], median["cp"]),
            Row.of_memory("memory of pawl serve, three at once", served["peak_bytes"], MEMORY_LIMIT),
            Row.of_seconds("whole pipeline in pawl serve, three at once", served["seconds"])]


def rows_of_queries(queries):
    figures = queries["expressions"]
    node = f"{queries['reference']} on Node {queries['node']}"
    rows = [Row.of_speed(f"JSONata: {row['kind']}", row["our_median"], row["their_median"]) for row in figures]
    ours, theirs = (statistics.geometric_mean(row[side] for row in figures) for side in ("our_median", "their_median"))
    return rows + [Row.of_speed(f"JSONata, all {len(rows)}: {node}", ours, theirs, QUERY_LIMIT)]


def machine():
    models = [line.partition(":")[2].strip() for line in open("/proc/cpuinfo", encoding="utf-8") if line.startswith("model name")]
    return {"processor": models[0] if models else platform.machine(), "processors": os.cpu_count(),
            "memory_bytes": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"), "kernel": platform.release(),
            "load_before": os.getloadavg()[0]}


def parse():
    parser = argparse.ArgumentParser(prog="script/bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size-mb", type=int, default=700, help="size of the one database (700)")
    parser.add_argument("--rounds", type=int, default=5, help="runs of each, of which the median counts (5; --fleet: 3 at most)")
    parser.add_argument("--fleet", action="store_true", help="also three databases at once, against pgBackRest")
    parser.add_argument("--whole", action="store_true", help="also what takes minutes: a million sleepers")
    only = parser.add_mutually_exclusive_group()
    only.add_argument("--only-fleet", action="store_true", help="nothing but these")
    only.add_argument("--only-jsonata", action="store_true", help="nothing but JSONata")
    only.add_argument("--only-engine", action="store_true", help="nothing but the engine")
    only.add_argument("--only-jobs", action="store_true", help="nothing but array jobs")
    only.add_argument("--only-functions", action="store_true", help="nothing but functions in processes")
    parser.add_argument("--json", metavar="FILE", help="also write all figures there")
    parser.add_argument("--directory", default="/tmp", help="where the databases are made and removed again (/tmp)")
    arguments = parser.parse_args()
    if not 20 <= arguments.size_mb <= 20_000 or not 1 <= arguments.rounds <= 50:
        parser.error("--size-mb is 20 to 20000, --rounds 1 to 50")
    return arguments


def measure(arguments):
    is_all = not (arguments.only_fleet or arguments.only_jsonata or arguments.only_engine or arguments.only_jobs or
                  arguments.only_functions)
    is_restore, is_fleet = is_all, is_all and arguments.fleet or arguments.only_fleet
    is_queries, is_engine = is_all or arguments.only_jsonata, is_all or arguments.only_engine
    is_jobs = is_all or arguments.only_jobs
    is_functions = is_all or arguments.only_functions
    require_space(arguments.directory,
                  max(2 + arguments.size_mb * 5 / 1000 if is_restore else 0, 24 if is_fleet else 8 if is_jobs else 1))
    build(*(["pawl_bench_jsonata"] if is_queries else []),
          *(["pawl", "pawl_bench_engine"] if is_engine else []),
          *(["pawl", "pawl-worker", "pawl_bench_jobs"] if is_jobs else []),
          *(["pawl", "pawl_bench_functions", "pawl_test_function"] if is_functions else []),
          *(["pawl", "pawl_bench_restore"] if is_restore or is_fleet else []))
    results, rows = {"date": time.strftime("%Y-%m-%d"), "machine": machine()}, []
    with Ground(arguments.directory) as ground:
        if is_engine:
            results["engine"] = running.measure(ground / "e", arguments.whole)
            rows += running.rows(results["engine"])
            shutil.rmtree(ground / "e")
        if is_jobs:
            results["jobs"] = spawning.measure(ground / "j")
            rows += spawning.rows(results["jobs"])
            shutil.rmtree(ground / "j")
        if is_functions:
            results["functions"] = calling.measure(own(ground / "f"))
            rows += calling.rows(results["functions"])
            shutil.rmtree(ground / "f")
        if is_queries:
            results["jsonata"] = querying.measure(ground / "q", arguments.rounds)
            rows += rows_of_queries(results["jsonata"])
        if is_restore:
            results["restore"] = measure_single(ground / "a", arguments.size_mb, arguments.rounds)
            rows += rows_of_single(results["restore"])
            shutil.rmtree(ground / "a")
        if is_fleet:
            results["fleet"] = measure_fleet(ground / "b", min(arguments.rounds, 3))
            rows += rows_of_fleet(results["fleet"])
            shutil.rmtree(ground / "b")
    results["rows"] = [vars(row) for row in rows]
    return results, rows


def main():
    arguments = parse()
    try:
        results, rows = measure(arguments)
    except Failure as failure:
        print(f"bench: {failure}", file=sys.stderr)
        sys.exit(2)
    show(rows)
    if arguments.json:
        Path(arguments.json).write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    sys.exit(0 if all(row.held is not False for row in rows) else 1)


if __name__ == "__main__":
    main()
