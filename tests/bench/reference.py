#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""reference.py URL TOKEN DATABASE MANIFEST LOCATION...: what one would write in an afternoon.

Reads all orders with requests and upserts them, page by page, with sqlite3's executemany: the payload
and the same typed columns that the manifest names. The yardstick of the benchmark.
"""
import json
import sqlite3
import sys

import requests

url, token, path, manifest = sys.argv[1:5]
locations = sys.argv[5:]


def fields():
    with open(manifest) as f:
        streams = json.load(f)["streams"]
    orders = next(s for s in streams if s["name"] == "orders")
    return [(f["name"], f["type"], f.get("pointer", "/" + f["name"]).lstrip("/").split("/")) for f in orders["fields"]]


def find(record, steps):
    for step in steps:
        if isinstance(record, list):
            record = record[int(step)] if int(step) < len(record) else None
        elif record is not None:
            record = record.get(step)
    return record


def instant(text):
    """The same fixed width as the store's."""
    if text is None:
        return None
    head, _, fraction = text.rstrip("Z").partition(".")
    return f"{head}.{(fraction + '000')[:3]}Z"


columns = fields()
database = sqlite3.connect(path)
database.execute("PRAGMA journal_mode = WAL")
names = [name for name, _, _ in columns]
kinds = ["INTEGER" if kind in ("integer", "boolean", "money", "money_decimal") else "TEXT" for _, kind, _ in columns]
database.execute("CREATE TABLE IF NOT EXISTS orders (id TEXT PRIMARY KEY, "
                 + ", ".join(f'"{n}" {k}' for n, k in zip(names, kinds)) + ", raw TEXT)")
upsert = (f"INSERT INTO orders VALUES ({', '.join('?' * (len(names) + 2))}) ON CONFLICT (id) DO UPDATE SET "
          + ", ".join(f'"{n}" = excluded."{n}"' for n in names) + ", raw = excluded.raw")

session = requests.Session()
session.headers.update({"Authorization": f"Bearer {token}", "Square-Version": "2025-08-20"})
body = {"location_ids": locations, "limit": 1000,
        "query": {"sort": {"sort_field": "UPDATED_AT", "sort_order": "ASC"}}}
count = 0
while True:
    answer = session.post(f"{url}/v2/orders/search", json=body, timeout=60)
    answer.raise_for_status()
    page = answer.json()
    rows = []
    for order in page.get("orders", []):
        cells = [order["id"]]
        for _, kind, steps in columns:
            value = find(order, steps)
            cells.append(instant(value) if kind == "instant" else value)
        cells.append(json.dumps(order, separators=(",", ":"), ensure_ascii=False))
        rows.append(cells)
    with database:
        database.executemany(upsert, rows)
    count += len(rows)
    if "cursor" not in page:
        break
    body["cursor"] = page["cursor"]
database.close()
print(count)
