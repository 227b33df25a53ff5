import socket

import pytest

from deploy.sandbox.ports import NoFreePort, free_port, is_free


def test_a_free_preferred_port_is_given() -> None:
    port = free_port()
    assert free_port(port) == port


def test_a_busy_port_gives_the_next_one() -> None:
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = busy.getsockname()[1]
        assert not is_free(port)
        assert free_port(port) == next(other for other in range(port + 1, port + 100) if is_free(other))


def test_a_server_of_every_address_makes_its_port_busy_too() -> None:
    with socket.create_server(("", 0)) as busy:
        assert not is_free(busy.getsockname()[1])


def test_a_port_already_promised_to_another_part_is_skipped() -> None:
    port = free_port()
    assert free_port(port, taken={port}) > port


def test_no_port_left_is_said_with_the_range_tried() -> None:
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = busy.getsockname()[1]
        with pytest.raises(NoFreePort, match=f"entre {port} et {port}"):
            free_port(port, attempts=1)
