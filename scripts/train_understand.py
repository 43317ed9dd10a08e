"""Trains the classifier of command understanding and writes its weights and their card.

    python scripts/train_understand.py [--check]

One core, under two minutes, seeded: on one machine the same sources give the same bytes. Reads the
capability declarations, the patterns, and the embedding package; writes weights.npz and weights.md
in src/edgewise/think/understanding. `--check` only tells whether the card is of these sources.
"""

import argparse
import hashlib
import os
import sys
import time
from pathlib import Path

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

import numpy as np  # noqa: E402  (threads are limited before it loads)

sys.path.insert(0, str(Path(__file__).parent))
import understand_sentences as sentences  # noqa: E402

from edgewise.think.understanding import classifier  # noqa: E402
from edgewise.think.understanding.embed import SIZE, load_embedder  # noqa: E402
from scripts.npz import write_npz  # noqa: E402  (the line above puts the root on the path)

FOLDER = Path(classifier.__file__).parent
SEED = 20261123
EPOCHS, BATCH, RATE, DECAY, DROP = 16, 256, 0.006, 2e-4, 0.15
LEVELS = 15
EMBEDDING_GAIN = 6.0
"""The unit embedding is scaled up so that both kinds of features learn at one pace."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    source = source_hash()
    card = FOLDER / "weights.md"
    if parser.parse_args().check:
        if not card.is_file() or source not in card.read_text(encoding="utf-8"):
            sys.exit("weights.npz is older than its sources: run scripts/train_understand.py")
        return
    started = time.perf_counter()
    pairs = sentences.make_sentences(sentences.read_capabilities(), SEED)
    classes = sorted({name for _, name in pairs})
    data = encode(pairs, classes)
    kept = len(pairs) // 10
    held, train = slice(0, kept), slice(kept, None)
    dense, hashed = fit(data, train, len(classes))
    packed, scale = pack(hashed)
    logits = score(data, held, dense, packed, scale)
    temperature = fit_temperature(logits, data[2][held])
    accuracy = float((logits.argmax(1) == data[2][held]).mean())
    error = calibration_error(logits / temperature, data[2][held])
    write_npz(FOLDER / "weights.npz", {
        "classes": np.array(classes), "dense": dense.astype(np.float16), "hashed": packed,
        "scale": scale, "temperature": np.float32(temperature),
    })  # fmt: skip
    size = (FOLDER / "weights.npz").stat().st_size
    digest = hashlib.sha256((FOLDER / "weights.npz").read_bytes()).hexdigest()
    took = time.perf_counter() - started
    card.write_text(
        CARD.format(
            sentences=len(pairs), classes=len(classes), kept=kept, accuracy=100 * accuracy,
            error=error, temperature=temperature, size=size, digest=digest, source=source,
            buckets=classifier.BUCKETS,
        ),
        encoding="utf-8",
    )  # fmt: skip
    print(f"{len(pairs)} sentences, {len(classes)} classes, held-out templates {accuracy:.4f},"
          f" calibration error {error:.4f}, temperature {temperature:.3f}, {size} bytes,"
          f" {took:.0f} s")  # fmt: skip


def source_hash() -> str:
    """SHA-256 over everything that decides the weights but the libraries."""
    digest = hashlib.sha256()
    own = (Path(__file__), FOLDER / "classifier.py", FOLDER / "normalise.py")
    for path in (*sentences.SOURCES, *own):
        digest.update(path.read_bytes())
    for capability in sentences.read_capabilities():
        for example in (*capability.en, *capability.zh):
            digest.update(f"{capability.name}\t{example.text}\n".encode())
    return digest.hexdigest()


def encode(pairs, classes):
    """Embeddings (N, 257) with a one, padded bucket numbers (N, K), class numbers (N)."""
    embedder = load_embedder()
    embedded = np.ones((len(pairs), SIZE + 1), np.float32)
    ids = [classifier.features(text) for text, _ in pairs]
    width = max(map(len, ids))
    buckets = np.full((len(pairs), width), classifier.BUCKETS, np.int32)
    for row, (text, _) in enumerate(pairs):
        embedded[row, :SIZE] = embedder(text) * EMBEDDING_GAIN
        buckets[row, : len(ids[row])] = ids[row]
    number = {name: i for i, name in enumerate(classes)}
    return embedded, buckets, np.array([number[name] for _, name in pairs])


def fit(data, part, classes):
    """Adam on the softmax loss with L2; features are dropped at random."""
    embedded, buckets, wanted = (array[part] for array in data)
    rng = np.random.default_rng(SEED)
    size = SIZE + 1 + classifier.BUCKETS
    weights = np.zeros((size, classes), np.float32)
    first, second = np.zeros_like(weights), np.zeros_like(weights)
    counts = np.bincount(wanted, minlength=classes)
    importance = (counts.mean() / counts[wanted]) ** 0.4
    step, total = 0, EPOCHS * -(-len(wanted) // BATCH)
    for _ in range(EPOCHS):
        order = rng.permutation(len(wanted))
        for start in range(0, len(order), BATCH):
            rows = order[start : start + BATCH]
            x = design(embedded[rows], buckets[rows], rng)
            logits = x @ weights
            shares = softmax(logits)
            shares[np.arange(len(rows)), wanted[rows]] -= 1
            shares *= importance[rows, None] / len(rows)
            gradient = x.T @ shares
            gradient += DECAY * weights
            step += 1
            first += 0.1 * (gradient - first)
            second += 0.01 * (gradient * gradient - second)
            rate = RATE * (1 - step / (total + 1))
            scale = rate * np.sqrt(1 - 0.99**step) / (1 - 0.9**step)
            weights -= scale * first / (np.sqrt(second) + 1e-6)
    dense = weights[: SIZE + 1].copy()
    dense[:SIZE] *= EMBEDDING_GAIN
    return dense, weights[SIZE + 1 :] * 8.0


def design(embedded, buckets, rng=None):
    """One batch as a dense matrix: embedding, one, buckets weighted 8 / sqrt(their number)."""
    x = np.zeros((len(embedded), SIZE + 1 + classifier.BUCKETS + 1), np.float32)
    x[:, : SIZE + 1] = embedded
    there = (buckets < classifier.BUCKETS).sum(1, keepdims=True)
    rows = np.arange(len(embedded))[:, None]
    value = np.broadcast_to(8.0 / np.sqrt(np.maximum(there, 1)), buckets.shape)
    if rng is not None:
        value = value * (rng.random(buckets.shape) > DROP)
        x[:, :SIZE] *= rng.random((len(embedded), 1)) > DROP
    x[rows, SIZE + 1 + buckets] = value
    return x[:, :-1]


def softmax(logits):
    shares = np.exp(logits - logits.max(1, keepdims=True))
    return shares / shares.sum(1, keepdims=True)


def pack(hashed):
    """Bucket weights as small integers with one scale a class."""
    scale = (np.abs(hashed).max(0) / LEVELS + 1e-9).astype(np.float32)
    return np.round(hashed / scale).astype(np.int8), scale


def score(data, part, dense, packed, scale):
    """Logits as the shipped classifier computes them."""
    embedded, buckets, _ = (array[part] for array in data)
    plain = embedded.copy()
    plain[:, :SIZE] /= EMBEDDING_GAIN
    table = np.vstack([packed.astype(np.float32), np.zeros((1, packed.shape[1]), np.float32)])
    there = np.maximum((buckets < classifier.BUCKETS).sum(1, keepdims=True), 1)
    sums = np.stack([table[row].sum(0) for row in buckets])
    return plain @ dense.astype(np.float16).astype(np.float32) + sums * scale / np.sqrt(there)


def fit_temperature(logits, wanted):
    """The temperature with the least loss on sentences kept aside."""
    best = (np.inf, 1.0)
    for temperature in np.linspace(0.4, 3.0, 53):
        shares = softmax(logits / temperature)
        loss = -np.log(shares[np.arange(len(wanted)), wanted] + 1e-12).mean()
        best = min(best, (float(loss), float(temperature)))
    return best[1]


def calibration_error(logits, wanted):
    """Mean gap between confidence and accuracy over ten bins, weighted by their size."""
    shares = softmax(logits)
    sure, right = shares.max(1), shares.argmax(1) == wanted
    bins = np.minimum((sure * 10).astype(int), 9)
    return float(sum(abs(sure[bins == b].mean() - right[bins == b].mean()) * (bins == b).mean()
                     for b in range(10) if (bins == b).any()))  # fmt: skip


CARD = """# weights.npz

Written by `scripts/train_understand.py`; do not edit. A linear softmax that names the function a
clause asks for, in Chinese and English.

| | |
|---|---|
| classes | {classes} (capabilities, `none`, `unexposed`) |
| inputs | WordLlama `l2_supercat_256` mean vector; {buckets} hashed word pieces |
| trained on | {sentences} sentences made from `scripts/grammar` and declared \
examples; no public data set, no personal data |
| kept aside | {kept} of them, for calibration only |
| right on those | {accuracy:.1f} % (same patterns as in training: says little about people) |
| calibration error | {error:.3f} at temperature {temperature:.2f} |
| size | {size} bytes |
| sha256 | {digest} |
| sources | {source} |

What it does in the hands of people is measured by `benchmarks/eval_understand.py` on sentences that
were written by hand and on public sets. Not for: safety decisions (the policy makes them),
direction words (rules read them), other languages.
"""

if __name__ == "__main__":
    main()
