#!/usr/bin/python3
"""The cluster that all integration tests of a flavour share: cluster_fixture.py up|down FLAVOR FOLDER

A ctest fixture calls this before and after them. FOLDER/cluster.FLAVOR names the cluster while it is up. Exit code 77: the
flavour cannot be had.
"""
import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import weir_cluster


def note_of(flavour, folder):
    return os.path.join(folder, f"cluster.{flavour}")


def running(flavour):
    """The folder of the fixture's cluster; empty if it is not up. WEIR_FIXTURE is the fixture's FOLDER."""
    try:
        with open(note_of(flavour, os.environ.get("WEIR_FIXTURE", "")), encoding="utf-8") as file:
            base = file.read()
    except OSError:
        return ""
    return base if os.path.exists(os.path.join(base, "cluster.env")) else ""


def down(flavour, folder):
    """Also what an interrupted run left behind."""
    os.environ["WEIR_FIXTURE"] = folder
    base = running(flavour)
    if base:
        weir_cluster.cluster(base).down()
    if os.path.exists(note_of(flavour, folder)):
        os.remove(note_of(flavour, folder))


def up(flavour, folder):
    down(flavour, folder)
    os.makedirs(folder, exist_ok=True)
    servers = weir_cluster.cluster.up(flavour)
    with open(note_of(flavour, folder), "w", encoding="utf-8") as file:
        file.write(servers.base)


def main():
    action, flavour, folder = sys.argv[1:]
    try:
        {"up": up, "down": down}[action](flavour, folder)
    except unittest.SkipTest as skipped:
        print(skipped)
        return weir_cluster.SKIPPED
    return 0


if __name__ == "__main__":
    sys.exit(main())
