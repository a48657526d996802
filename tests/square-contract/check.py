#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""check.py PROGRAM: does the sandbox speak Square's language?

Walks every endpoint to its end, in full and by change, through a proxy that validates both directions; then
compares each record with its schema more strictly than the proxy does: no field that Square does not know,
every enumeration, every time. Exit code 77 means skipped, with the reason.
"""

import json
import re
import sys
import urllib.error
import urllib.parse
import urllib.request

from square_contract import SKIPPED, TOKEN, Contract, Missing

EARLY = "2000-01-01T00:00:00Z"
SINCE = "2026-03-20T00:00:00.000Z"
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$")

SCHEMAS = {
    "locations": "Location", "team_members": "TeamMember", "timesheets": "Timecard", "payments": "Payment",
    "refunds": "PaymentRefund", "payouts": "Payout", "orders": "Order", "customers": "Customer",
    "products": "CatalogObject", "prices": "CatalogObject",
}


def call(url, method, path, body=None):
    data = json.dumps(body).encode() if body is not None else None
    headers = {"Authorization": f"Bearer {TOKEN}", "Square-Version": "2025-08-20"}
    if data is not None:
        headers["Content-Type"] = "application/json"
    request = urllib.request.Request(url + path, data, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            if answer.headers.get("sl-violations"):
                raise AssertionError(f"{method} {path}: {answer.headers['sl-violations'][:2000]}")
            return json.load(answer)
    except urllib.error.HTTPError as error:
        raise AssertionError(f"{method} {path}: {error.code} {error.read().decode(errors='replace')[:2000]}") from None


def walk(url, method, path, key, body=None):
    """All records of all pages, one after the other."""
    cursor = None
    seen = set()
    while True:
        if body is None:
            separator = "&" if "?" in path else "?"
            page = call(url, method, path + (f"{separator}cursor={urllib.parse.quote(cursor)}" if cursor else ""))
        else:
            page = call(url, method, path, {**body, "cursor": cursor} if cursor else body)
        yield from page.get(key, [])
        cursor = page.get("cursor")
        if not cursor:
            return
        assert cursor not in seen, f"{path}: the cursor came again"
        seen.add(cursor)


def ids(records):
    found = [record["id"] for record in records]
    assert len(found) == len(set(found)), "a record came twice"
    return set(found)


def truth(contract, entity):
    with urllib.request.urlopen(f"{contract.sandbox_url}/_sandbox/truth/{entity}", timeout=60) as answer:
        return [json.loads(line) for line in answer.read().splitlines()]


def control(contract, what, body):
    request = urllib.request.Request(f"{contract.sandbox_url}/_sandbox/{what}", json.dumps(body).encode(), method="POST")
    urllib.request.urlopen(request, timeout=60).close()


def walks(locations):
    """Every endpoint: the entity, the array's name, method, path, body."""
    time_range = {"start_at": SINCE, "end_at": "2027-01-01T00:00:00Z"}
    updated = {"filter": {"date_time_filter": {"updated_at": time_range}},
               "sort": {"sort_field": "UPDATED_AT", "sort_order": "ASC"}}
    yield "locations", "locations", "GET", "/v2/locations", None
    yield "team_members", "team_members", "POST", "/v2/team-members/search", {"limit": 10}
    yield "timesheets", "timecards", "POST", "/v2/labor/timecards/search", {
        "limit": 200, "query": {"sort": {"field": "UPDATED_AT", "order": "DESC"}}}
    yield "timesheets?", "timecards", "POST", "/v2/labor/timecards/search", {
        "query": {"filter": {"location_ids": locations, "status": "OPEN", "start": time_range}}}
    for location in locations:
        every = f"location_id={location}&begin_time={EARLY}&limit=100"
        yield "payments", "payments", "GET", f"/v2/payments?{every}&sort_field=UPDATED_AT&sort_order=ASC", None
        yield "payments?", "payments", "GET", \
            f"/v2/payments?{every}&sort_field=UPDATED_AT&sort_order=ASC&updated_at_begin_time={SINCE}", None
        yield "payouts", "payouts", "GET", f"/v2/payouts?{every}&sort_order=ASC", None
    yield "refunds", "refunds", "GET", f"/v2/refunds?begin_time={EARLY}&limit=3&sort_field=UPDATED_AT&sort_order=ASC", None
    yield "refunds?", "refunds", "GET", f"/v2/refunds?begin_time={EARLY}&updated_at_begin_time={SINCE}", None
    yield "orders", "orders", "POST", "/v2/orders/search", {"location_ids": locations, "limit": 100}
    yield "orders?", "orders", "POST", "/v2/orders/search", {"location_ids": locations, "limit": 50, "query": updated}
    yield "customers", "customers", "POST", "/v2/customers/search", {"limit": 20, "query": {"sort": {"field": "CREATED_AT"}}}
    yield "customers?", "customers", "POST", "/v2/customers/search", {
        "query": {"filter": {"email_address": {"exact": "customer00007@mail.example"}, "phone_number": {"exact": "+447700900049"}}}}
    yield "team_members?", "team_members", "POST", "/v2/team-members/search", {
        "query": {"filter": {"location_ids": locations[:1], "status": "ACTIVE"}}}
    yield "orders?", "orders", "POST", "/v2/orders/search", {"location_ids": locations, "query": {"filter": {
        "state_filter": {"states": ["COMPLETED"]}, "source_filter": {"source_names": ["Point of Sale"]},
        "customer_filter": {"customer_ids": ["NOBODY"]}}}}
    yield "refunds?", "refunds", "GET", f"/v2/refunds?begin_time={EARLY}&location_id={locations[0]}&status=COMPLETED&source_type=CARD", None
    yield "payouts?", "payouts", "GET", f"/v2/payouts?begin_time={EARLY}&location_id={locations[0]}&status=PAID", None
    yield "customers?", "customers", "POST", "/v2/customers/search", {"query": {"filter": {"updated_at": time_range}}}
    yield "customers", "customers", "GET", "/v2/customers?limit=30&sort_field=CREATED_AT", None
    yield "products", "objects", "POST", "/v2/catalog/search", {"object_types": ["ITEM"], "limit": 10}
    yield "prices", "objects", "POST", "/v2/catalog/search", {"object_types": ["ITEM_VARIATION"]}
    yield "products?", "objects", "POST", "/v2/catalog/search", {"begin_time": SINCE, "include_deleted_objects": True}
    yield "products", "objects", "GET", "/v2/catalog/list?types=ITEM", None


def lookups():
    """Every way to ask for records by id: the entity, the answer's member, method, path, the body's member."""
    yield "locations", "location", "GET", "/v2/locations/", None
    yield "team_members", "team_member", "GET", "/v2/team-members/", None
    yield "timesheets", "timecard", "GET", "/v2/labor/timecards/", None
    yield "payments", "payment", "GET", "/v2/payments/", None
    yield "refunds", "refund", "GET", "/v2/refunds/", None
    yield "payouts", "payout", "GET", "/v2/payouts/", None
    yield "orders", "order", "GET", "/v2/orders/", None
    yield "customers", "customer", "GET", "/v2/customers/", None
    yield "products", "object", "GET", "/v2/catalog/object/", None
    yield "orders", "orders", "POST", "/v2/orders/batch-retrieve", "order_ids"
    yield "products", "objects", "POST", "/v2/catalog/batch-retrieve", "object_ids"
    yield "prices", "objects", "POST", "/v2/catalog/batch-retrieve", "object_ids"


def check_lookups(contract):
    for entity, key, method, path, member in lookups():
        records = truth(contract, entity)[:5]
        if member is None:
            got = [call(contract.url, method, path + record["id"])[key] for record in records]
        else:
            got = call(contract.url, method, path, {member: [record["id"] for record in records] + ["NOBODY"]})[key]
        assert got == records, f"{path}: not what the sandbox has"
        print(f"# {method} {path}: {len(got)} records by id")


def check_endpoints(contract):
    """A name with "?" stands for a part of the entity; the others must add up to all of it."""
    locations = [record["id"] for record in truth(contract, "locations")]
    collected = {}
    for entity, key, method, path, body in walks(locations):
        records = ids(walk(contract.url, method, path, key, body))
        name = entity.rstrip("?")
        if entity == name:
            collected.setdefault(name, []).append(records)
        print(f"# {method} {path.split('?')[0]}: {len(records)} records")

    for name, parts in collected.items():
        assert set().union(*parts) == ids(truth(contract, name)), f"{name}: not what the sandbox has"
    for path in ("/v2/merchants", "/v2/merchants/me"):
        call(contract.url, "GET", path)
    call(contract.url, "POST", "/oauth2/token/status")


def strict(schema):
    """An OpenAPI 3.0 schema as JSON Schema, without room for unknown members."""
    if isinstance(schema, list):
        return [strict(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    made = {name: strict(part) for name, part in schema.items() if name not in ("example", "examples", "description", "title")}
    if schema.get("nullable") is True and isinstance(schema.get("type"), str):
        made["type"] = [schema["type"], "null"]
    if isinstance(schema.get("properties"), dict) and "allOf" not in schema:
        made.setdefault("additionalProperties", False)
        # A property may be called like one of the words dropped above.
        made["properties"] = {name: strict(part) for name, part in schema["properties"].items()}
    return made


def check_times(record, path=""):
    if isinstance(record, dict):
        for name, value in record.items():
            if name.endswith("_at") and value is not None:
                assert TIME.match(value), f"{path}.{name}: {value!r} is no time"
            check_times(value, f"{path}.{name}")
    elif isinstance(record, list):
        for part in record:
            check_times(part, path)


def check_records(contract):
    try:
        import jsonschema
    except ImportError:
        print("# records were not compared with their schemas: python3-jsonschema is not installed")
        return
    description = json.loads(contract.description.read_text())
    schemas = {name: strict(schema) for name, schema in description["components"]["schemas"].items()}
    for entity, name in SCHEMAS.items():
        document = {"$ref": f"#/components/schemas/{name}", "components": {"schemas": schemas}}
        validator = jsonschema.Draft7Validator(document)
        records = truth(contract, entity)
        for record in records:
            error = next(validator.iter_errors(record), None)
            assert error is None, f"{entity}: {'.'.join(map(str, error.absolute_path))}: {error.message[:500]}"
            check_times(record, entity)
        print(f"# {entity}: {len(records)} records are what {name} may be")


def check(contract):
    check_endpoints(contract)
    check_lookups(contract)
    for change in ("edit", "delete"):
        for entity in ("customers", "timesheets", "products"):
            control(contract, change, {"entity": entity, "count": 3})
    control(contract, "late", {"count": 3})
    control(contract, "advance", {"seconds": 20000})
    check_endpoints(contract)
    check_records(contract)
    complaints = contract.violations()
    assert not complaints, "\n".join(complaints[:20])


def must_be_refused(contract, what, *arguments):
    try:
        call(contract.url, *arguments)
    except AssertionError:
        return
    raise AssertionError(f"the proxy lets through {what} that the description forbids")


def check_check(contract):
    """A check that cannot fail is none: both directions must be looked at, and so must the records."""
    must_be_refused(contract, "a request", "POST", "/v2/labor/timecards/search", {"limit": 5000})
    control(contract, "faults", {"faults": [{"kind": "bad_record", "path": "/v2/refunds", "field": "amount_money"}]})
    must_be_refused(contract, "an answer", "GET", f"/v2/refunds?begin_time={EARLY}")
    assert len(contract.violations()) >= 2, "the proxy does not log what it refuses"


def main():
    try:
        with Contract(sys.argv[1], "--orders", "400", "--months", "3", "--customers", "90") as contract:
            check(contract)
            check_check(contract)
    except Missing as missing:
        print(f"skipped: {missing}")
        return SKIPPED
    except AssertionError as failure:
        print(f"failed: {failure}")
        return 1
    print("the sandbox and Square's description agree")
    return 0


if __name__ == "__main__":
    sys.exit(main())
