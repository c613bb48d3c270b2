"""How dates, times and zones cross, of Python and of pandas: as whole numbers, with unit and zone named."""

from __future__ import annotations

import functools
import re
import struct
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from autograder.protocol.decoder import Decoder, Reader
from autograder.protocol.encoder import Encoder, Write
from autograder.protocol.errors import CannotCross, ProtocolError

DATE, TIME, DATETIME, TIMEDELTA, ZONE, TIMESTAMP, PANDAS_TIMEDELTA, NAT, NA = range(40, 49)
NAIVE, FIXED, NAMED = range(3)
UNITS = ("s", "ms", "us", "ns")
ZONE_NAME = re.compile(r"[A-Za-z0-9_+-]{1,40}(/[A-Za-z0-9_+-]{1,40}){0,2}")
DAY_SECONDS = 86_400
INT64 = struct.Struct("<q")
DELTA = struct.Struct("<iiI")
MOMENT = struct.Struct("<HBBBBBIB")  # year, month, day, hour, minute, second, microsecond, fold


def write_zone(encoder: Encoder, zone: tzinfo | None) -> None:
    """Write a time zone: none, a fixed offset, or a name of the zone database."""
    if zone is None:
        encoder.out.append(NAIVE)
    elif type(zone) is timezone:
        encoder.out.append(FIXED)
        _write_delta(encoder, zone.utcoffset(None))
    elif type(zone) is ZoneInfo and zone.key is not None and ZONE_NAME.fullmatch(zone.key):
        encoder.out.append(NAMED)
        encoder.text(zone.key)
    else:
        raise CannotCross(f"the time zone {zone!r} cannot cross; use zoneinfo or a fixed offset")


def read_zone(decoder: Decoder) -> tzinfo | None:
    """Read a time zone."""
    kind = decoder.byte()
    if kind == NAIVE:
        return None
    if kind == FIXED:
        offset = _read_delta(decoder)
        return timezone.utc if not offset else timezone(offset)  # noqa: UP017 - beside the other timezone
    name = decoder.text()
    if kind != NAMED or not ZONE_NAME.fullmatch(name):
        raise ProtocolError("an unknown time zone")
    return _named_zone(name)


@functools.lru_cache(maxsize=1_000)
def _named_zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def _write_delta(encoder: Encoder, value: timedelta) -> None:
    encoder.out += DELTA.pack(value.days, value.seconds, value.microseconds)


def _read_delta(decoder: Decoder) -> timedelta:
    days, seconds, microseconds = DELTA.unpack(decoder.take(DELTA.size))
    if not (0 <= seconds < DAY_SECONDS and microseconds < 1_000_000):
        raise ProtocolError("a duration that is not in its normal form")
    return timedelta(days, seconds, microseconds)


def _write_timedelta(encoder: Encoder, value: timedelta) -> None:
    encoder.out.append(TIMEDELTA)
    _write_delta(encoder, value)


def _write_date(encoder: Encoder, value: date) -> None:
    encoder.out.append(DATE)
    encoder.count(value.toordinal())


def _write_datetime(encoder: Encoder, value: datetime) -> None:
    encoder.out.append(DATETIME)
    encoder.out += MOMENT.pack(
        value.year, value.month, value.day, value.hour, value.minute, value.second, value.microsecond, value.fold
    )
    write_zone(encoder, value.tzinfo)


def _read_datetime(decoder: Decoder) -> datetime:
    year, month, day, hour, minute, second, microsecond, fold = MOMENT.unpack(decoder.take(MOMENT.size))
    return datetime(year, month, day, hour, minute, second, microsecond, read_zone(decoder), fold=fold)


def _write_time(encoder: Encoder, value: time) -> None:
    encoder.out.append(TIME)
    encoder.out += MOMENT.pack(1, 1, 1, value.hour, value.minute, value.second, value.microsecond, value.fold)
    write_zone(encoder, value.tzinfo)


def _read_time(decoder: Decoder) -> time:
    _, _, _, hour, minute, second, microsecond, fold = MOMENT.unpack(decoder.take(MOMENT.size))
    return time(hour, minute, second, microsecond, read_zone(decoder), fold=fold)


def write_unit(encoder: Encoder, unit: str) -> None:
    """Write the resolution of times."""
    encoder.out.append(UNITS.index(unit))


def read_unit(decoder: Decoder) -> str:
    """Read the resolution of times."""
    return UNITS[decoder.byte()]


def _ticks(value: np.datetime64 | np.timedelta64) -> bytes:
    return INT64.pack(value.view("i8"))


def _write_timestamp(encoder: Encoder, value: pd.Timestamp) -> None:
    encoder.out.append(TIMESTAMP)
    write_unit(encoder, value.unit)
    encoder.out += _ticks(value.to_datetime64())  # UTC where there is a zone
    write_zone(encoder, value.tzinfo)


def _read_ticks(decoder: Decoder) -> tuple[Any, int]:
    unit, (ticks,) = read_unit(decoder), INT64.unpack(decoder.take(8))
    if ticks == -(1 << 63):
        raise ProtocolError("a moment that is no moment")
    return unit, ticks


def _read_timestamp(decoder: Decoder) -> Any:
    unit, ticks = _read_ticks(decoder)
    zone = read_zone(decoder)
    moment = pd.Timestamp(np.datetime64(ticks, unit))
    return moment if zone is None else moment.tz_localize("UTC").tz_convert(zone)


def _write_pandas_timedelta(encoder: Encoder, value: pd.Timedelta) -> None:
    encoder.out.append(PANDAS_TIMEDELTA)
    write_unit(encoder, value.unit)
    encoder.out += _ticks(value.to_timedelta64())


def _read_pandas_timedelta(decoder: Decoder) -> Any:
    unit, ticks = _read_ticks(decoder)
    return pd.Timedelta(np.timedelta64(ticks, unit))


def _zone_writer(encoder: Encoder, value: tzinfo) -> None:
    encoder.out.append(ZONE)
    write_zone(encoder, value)


def _constant(tag: int) -> Write:
    return lambda encoder, _: encoder.out.append(tag)


WRITERS: dict[type, Write] = {
    date: _write_date,
    time: _write_time,
    datetime: _write_datetime,
    timedelta: _write_timedelta,
    timezone: _zone_writer,
    ZoneInfo: _zone_writer,
    pd.Timestamp: _write_timestamp,
    pd.Timedelta: _write_pandas_timedelta,
    type(pd.NaT): _constant(NAT),
    type(pd.NA): _constant(NA),
}
READERS: dict[int, Reader] = {
    DATE: Reader(lambda decoder: date.fromordinal(decoder.count())),
    TIME: Reader(_read_time, work=4),
    DATETIME: Reader(_read_datetime, work=4),
    TIMEDELTA: Reader(_read_delta, work=4),
    ZONE: Reader(read_zone, work=4),
    TIMESTAMP: Reader(_read_timestamp, work=16),
    PANDAS_TIMEDELTA: Reader(_read_pandas_timedelta, work=16),
    NAT: Reader(lambda _: pd.NaT),
    NA: Reader(lambda _: pd.NA),
}
