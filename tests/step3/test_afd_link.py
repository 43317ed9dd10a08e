"""What goes over the wire comes out as it was packed; NCCL only where each worker has a GPU."""

import pytest

pytest.importorskip("torch", reason="torch is not installed (extra step3)")

import torch
from torch import Tensor

from edgewise.step3.afd_link import (
    PeerLost,
    Shape,
    backend_for,
    device_for,
    finish,
    pack,
    receive,
    send,
    unpack,
)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize("tokens", [1, 3])
def test_tokens_and_their_experts_come_out_as_they_were_packed(dtype: torch.dtype, tokens: int):
    y = torch.randn(tokens, 5).to(dtype)
    chosen = torch.randint(0, 70_000, (tokens, 3))
    weights = torch.rand(tokens, 3).to(dtype)
    shape = Shape(5, 3, dtype)
    sent = pack(y, chosen, weights)
    assert sent.dtype == torch.uint8
    assert len(sent) == shape.size(tokens)
    found = unpack(sent, tokens, shape)
    assert all(
        part is not None and torch.equal(part, one)
        for part, one in zip(found, (y, chosen, weights), strict=True)
    )


def test_a_dense_layer_sends_vectors_alone():
    y, shape = torch.randn(2, 6), Shape(6, 0, torch.float32)
    sent = pack(y, None, None)
    assert len(sent) == shape.size(2) == 48
    found, chosen, weights = unpack(sent, 2, shape)
    assert torch.equal(found, y)
    assert chosen is weights is None


@pytest.mark.parametrize(
    ("gpus", "backend"), [(0, "gloo"), (3, "gloo"), (4, "nccl")], ids=["none", "too few", "enough"]
)
def test_nccl_is_for_workers_with_a_gpu_each(
    gpus: int, backend: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: gpus > 0)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: gpus)
    monkeypatch.setattr(torch.distributed, "is_nccl_available", lambda: True)
    assert backend_for(4) == backend
    assert device_for(backend, 2) == ("cuda:2" if backend == "nccl" else "cpu")


class Broken:
    """A group whose peer has gone: at once, or once something is under way."""

    def send(self, tensors: list[Tensor], rank: int, tag: int) -> "Broken":
        raise RuntimeError("no such peer")

    def recv(self, tensors: list[Tensor], rank: int, tag: int) -> "Broken":
        return self

    def wait(self) -> None:
        raise RuntimeError("Connection closed by peer")


def test_an_exchange_that_fails_names_the_peer():
    with pytest.raises(PeerLost, match="closed by peer") as found:
        finish(receive([(3, torch.zeros(1))], Broken()))
    assert found.value.peer == 3
    with pytest.raises(PeerLost, match="no such peer") as found:
        send([(2, torch.zeros(1))], Broken())
    assert found.value.peer == 2
