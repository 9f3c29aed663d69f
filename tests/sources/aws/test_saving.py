"""Inventories as files: what goes in comes out, and what is damaged is told."""

from __future__ import annotations

import gzip
import json
import math
from datetime import datetime, timezone

import pytest

from auditkit.errors import ConfigError, SourceError
from auditkit.model import Problem, Resource, Source, Unknown
from auditkit.sources.aws.collecting import Listed, Place
from auditkit.sources.aws.saving import (
    Header,
    Reading,
    Saver,
    count_objects,
    decode,
    decode_value,
    encode,
    encode_value,
    read_header,
    read_inventories,
)
from auditkit.sources.aws.selection import Selection

PLACES = [
    Place("111111111111", "eu-west-1", is_home=False, regions=frozenset({"eu-west-1"})),
    Place("222222222222", "us-east-1"),
]
LISTINGS = (("aws_ebs_volume",), ("aws_s3_bucket", "aws_s3_bucket_policy"))
HEADER = Header(
    tool="1.0",
    time=datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=timezone.utc),
    callers=("arn:aws:iam::1:user/x",),
    selection=Selection(
        ("aws_ebs_volume", "aws_s3_bucket", "aws_s3_bucket_policy"),
        {"aws_ebs_volume": frozenset({"a", "b"})},
        sums_up=False,
    ),
    readings=tuple(Reading(place, LISTINGS) for place in PLACES),
    problems=(Problem("account", "can't assume a role"),),
    notes=("a region is closed",),
)
VOLUME = Resource(
    "aws_ebs_volume",
    "arn:aws:ec2:eu-west-1:111111111111:volume/vol-1",
    {"size": 1, "tags": {"a": "b"}, "kms_key_id": Unknown("denied")},
    Source.LIVE,
    id="vol-1",
)


def ends(place):
    return [Listed(type, place) for types in LISTINGS for type in types]


def saved(path, events=None, header=HEADER):
    saver = Saver(path, header)
    if events is None:
        events = [(place, event) for place in PLACES for event in (VOLUME, *ends(place))]
    for place, event in events:
        saver.write(place, event)
    saver.finish()
    return path


def same(one, other):
    """Whether values are equal, what is unknown for the same reason included."""
    return encode_value(one) == encode_value(other)


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        0,
        1.5,
        "text",
        "\ud800",
        "é\u2028",
        [],
        {},
        [1, [2, {"a": None}]],
        {"a": Unknown("why")},
        {"?": "not unknown"},
        {"=": {"?": "nor this"}},
        {"?": {"=": Unknown("why", sensitive=True)}},
        Unknown("why", parts=("a", Unknown("b", sensitive=True), "c"), sensitive=True),
        2**70,
    ],
)
def test_values_come_out_as_they_went_in(value):
    found = decode_value(json.loads(json.dumps(encode_value(value))))
    assert same(found, value)
    if isinstance(value, Unknown):
        assert isinstance(found, Unknown)
        assert (found.cause, found.sensitive) == (value.cause, value.sensitive)
        assert len(found.parts) == len(value.parts)


def test_what_is_unknown_for_one_reason_is_one_object():
    assert decode_value({"?": "why"}) is decode_value({"?": "why"})


@pytest.mark.parametrize(
    "event",
    [
        VOLUME,
        Resource("aws_x", "aws_x/1/r", {}, Source.LIVE, doubt=Unknown("denied")),
        Listed("aws_x", PLACES[0]),
        Listed("aws_x", PLACES[0], Unknown("denied")),
        Problem("denied", "x:Y was denied", incomplete=False),
    ],
)
def test_events_come_out_as_they_went_in(event):
    found = decode(json.loads(json.dumps(encode(event))), PLACES[0])
    assert encode(found) == encode(event)
    assert type(found) is type(event)


def test_the_header_comes_out_as_it_went_in(tmp_path):
    assert read_header(saved(tmp_path / "i.gz")) == HEADER


def test_each_account_is_an_inventory(tmp_path):
    mixed = [(place, event) for event in (VOLUME, *ends(PLACES[0])) for place in PLACES]
    mixed = [
        (place, Listed(event.type, place) if isinstance(event, Listed) else event)
        for place, event in mixed
    ]
    one, two, rest = read_inventories(saved(tmp_path / "i.gz", mixed))
    assert [one.name, two.name, rest.name] == ["111111111111", "222222222222", ""]
    assert [resource.id for resource in one.resources] == ["vol-1"]
    assert one.covered == frozenset({"aws_ebs_volume", "aws_s3_bucket", "aws_s3_bucket_policy"})
    assert rest.problems == HEADER.problems


def test_the_same_inventory_is_the_same_file(tmp_path):
    assert saved(tmp_path / "a").read_bytes() == saved(tmp_path / "b").read_bytes()


def test_objects_are_counted_by_place_and_type(tmp_path):
    counts = count_objects(saved(tmp_path / "i.gz"))
    assert counts["111111111111", "eu-west-1", "aws_ebs_volume"] == 1
    assert counts["222222222222", "us-east-1", "aws_s3_bucket"] == 0


def test_nothing_is_there_until_it_is_finished(tmp_path):
    saver = Saver(tmp_path / "i.gz", HEADER)
    saver.write(PLACES[0], VOLUME)
    assert [path.name for path in tmp_path.iterdir()] == ["i.gz.partial"]
    saver.finish()
    assert [path.name for path in tmp_path.iterdir()] == ["i.gz"]


def begun(path, *events):
    saver = Saver(path, HEADER)
    for place, event in events:
        saver.write(place, event)
    saver.close()
    return path


def test_a_resumed_run_keeps_what_was_complete(tmp_path):
    one, two = PLACES
    bucket = Resource("aws_s3_bucket", "arn:aws:s3:::b", {}, Source.LIVE, id="b")
    path = begun(
        tmp_path / "i.gz",
        (one, VOLUME),
        (one, Listed("aws_ebs_volume", one)),
        (one, bucket),
        (one, Listed("aws_s3_bucket", one)),
        (one, Listed("aws_s3_bucket_policy", one, Unknown("denied"))),
        (one, Problem("denied", "x was denied in eu-west-1: aws_s3_bucket_policy")),
        (one, Problem("denied", "y was denied in eu-west-1")),
        (two, VOLUME),
    )
    with (tmp_path / "i.gz.partial").open("ab") as file:
        file.write(b'{"at":"222222222222/us-east-1","resou')
    saver = Saver(path, HEADER, resumes=True)
    # The policies are listed for each bucket, so that both are asked again.
    assert saver.done == {str(one): frozenset({"aws_ebs_volume"}), str(two): frozenset()}
    kept = [(place, encode(event)) for place, event in saver.earlier()]
    assert kept == [
        (one, encode(VOLUME)),
        (one, encode(Listed("aws_ebs_volume", one))),
        (one, encode(Problem("denied", "y was denied in eu-west-1"))),
    ]
    saver.close()


def test_nothing_to_resume_is_a_new_run(tmp_path):
    saver = Saver(tmp_path / "i.gz", HEADER, resumes=True)
    assert not saver.done
    saver.close()


@pytest.mark.parametrize(
    "change", [{"tool": "2.0"}, {"readings": HEADER.readings[:1]}, {"selection": Selection(())}]
)
def test_another_run_is_not_resumed(tmp_path, change):
    from dataclasses import replace

    path = begun(tmp_path / "i.gz")
    with pytest.raises(ConfigError, match="was begun with other options"):
        Saver(path, replace(HEADER, **change), resumes=True)


def test_a_directory_that_is_not_there(tmp_path):
    with pytest.raises(SourceError, match="can't write: No such file"):
        Saver(tmp_path / "none" / "i.gz", HEADER)


def lines(path):
    return gzip.decompress(path.read_bytes()).splitlines(keepends=True)


@pytest.mark.parametrize("cut", range(1, 12))
def test_a_file_that_breaks_off_says_so(tmp_path, cut):
    path = saved(tmp_path / "i.gz")
    whole = lines(path)
    path.write_bytes(gzip.compress(b"".join(whole[:-cut] if cut < len(whole) else whole[:1])))
    inventories = list(read_inventories(path))
    messages = [problem.message for problem in inventories[-1].problems]
    assert any("breaks off after line" in message for message in messages)
    listed = frozenset({type for types in LISTINGS for type in types})
    for inventory in inventories[:-1]:
        assert inventory.covered is not None
        assert inventory.covered | inventory.gaps.keys() == listed
    if cut > 1:
        assert inventories[1].gaps


def test_a_compressed_file_that_is_cut_says_so(tmp_path):
    path = saved(tmp_path / "i.gz")
    whole = path.read_bytes()
    for size in range(len(whole)):
        path.write_bytes(whole[:size])
        assert str(path) in what_is_told(path)


def what_is_told(path):
    """Why a damaged file was refused, or what is said of it."""
    try:
        *_, rest = read_inventories(path)
    except SourceError as error:
        return str(error)
    return rest.problems[-1].message


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b"not json\n", ":3: not JSON"),
        (b"[" * 100_000 + b"\n", ":3: not JSON"),
        (b"[]\n", ":3: not a line of an inventory"),
        (b"{}\n", ":3: a place that the header does not name"),
        (b'{"at":[]}\n', ":3: a place that the header does not name"),
        (b'{"at":"111111111111/eu-west-1"}\n', ":3: not a line of an inventory"),
        (
            b'{"at":"111111111111/eu-west-1","resource":1,"id":null,"address":"a","doubt":null,'
            b'"attributes":{}}\n',
            ":3: not a line of an inventory",
        ),
        (
            b'{"at":"111111111111/eu-west-1","resource":"a","id":null,"address":"a","doubt":null,'
            b'"attributes":[]}\n',
            ":3: not a line of an inventory",
        ),
        (
            b'{"at":"111111111111/eu-west-1","resource":"a","id":null,"address":"a","doubt":null,'
            b'"attributes":{"a":{"?":1}}}\n',
            ":3: not a line of an inventory",
        ),
        (b'{"at":"111111111111/eu-west-1","listed":{},"doubt":null}\n', ":3: not a line"),
        (b'{"end":99}\n', ":3: lines are missing or too many"),
    ],
)
def test_a_line_that_is_not_ours_is_refused(tmp_path, line, message):
    path = saved(tmp_path / "i.gz")
    whole = lines(path)
    path.write_bytes(gzip.compress(b"".join([*whole[:2], line, *whole[2:]])))
    with pytest.raises(SourceError) as raised:
        list(read_inventories(path))
    assert message in str(raised.value)


def test_an_account_stands_in_one_place(tmp_path):
    path = saved(tmp_path / "i.gz")
    whole = lines(path)
    path.write_bytes(gzip.compress(b"".join([*whole[:-1], whole[1]])))
    with pytest.raises(SourceError, match="the account stands here twice"):
        list(read_inventories(path))


def changed(**members):
    header = json.loads(b'{"auditkit_inventory":{}}')
    header["auditkit_inventory"] = {
        "format": 1,
        "tool": "1.0",
        "time": "2026-01-02T03:04:05+00:00",
        "callers": [],
        "types": [],
        "wanted": None,
        "sums_up": False,
        "readings": [],
        "problems": [],
        "notes": [],
        **members,
    }
    return json.dumps(header).encode() + b'\n{"end":0}\n'


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "not an inventory"),
        (b"\x1f\x8b", "not an inventory"),
        (b"\x1f\x8b\x08\x00garbage", "not an inventory"),
        (b"{}\n", "not an inventory; `auditkit collect` writes one"),
        (b"[]\n", "not an inventory"),
        (b"\xff\xfe\n", "not an inventory"),
        (changed(format=2), "format 2 is of a newer auditkit (1.0)"),
        (changed(format="x"), "not an inventory"),
        (changed(time="yesterday"), "not an inventory"),
        (changed(readings=[{}]), "not an inventory"),
        (changed(types=[1]), "not an inventory"),
        (changed(wanted=[]), "not an inventory"),
        (changed(problems=["x"]), "not an inventory"),
        (changed(tool=None), "not an inventory"),
    ],
)
def test_what_is_no_inventory_is_refused(tmp_path, content, message):
    path = tmp_path / "i.gz"
    path.write_bytes(content)
    with pytest.raises(SourceError) as raised:
        list(read_inventories(path))
    assert message in str(raised.value)


def test_a_plain_file_will_do(tmp_path):
    path = tmp_path / "i.jsonl"
    path.write_bytes(changed())
    assert [inventory.name for inventory in read_inventories(path)] == [""]


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(SourceError, match="can't read: No such file"):
        read_header(tmp_path / "none")


def test_a_number_that_is_none_is_no_mistake(tmp_path):
    assert math.isnan(decode_value(json.loads("NaN")))
