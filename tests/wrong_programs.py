"""Programs that a reader might write for an exercise, wrong or right on some cases only."""


def field(step: str) -> str:
    """A loop over layers with this step, in its second line."""
    return f"""def f(layers):
        size, j = 1, 1
        for k, s, d in layers:
            {step}
        return size"""


HELPERS = {
    "convolution 3": """def convolve(image, kernel):
        return operations.conv2d(image[None, ..., None], kernel[..., None, None])[0, ..., 0]""",
    "before-cnns 3": """def responses(x, mode="wrap"):
        wrapped = np.pad(x, ((0, 0), (1, 1), (1, 1)), mode=mode)
        return operations.conv2d(wrapped[..., None], edge_kernels)""",
    "sparse-connectivity 2": """def windows_of(size, window, step, places):
        sheets = np.zeros((places, places, size + 9 * step, size + 9 * step), dtype=int)
        for i in range(places):
            for j in range(places):
                sheets[i, j, i * step :, j * step :][:window, :window] = 1
        return sheets[:, :, :size, :size].reshape(places**2, -1)""",
    "what-it-looks-at 1": """def fallen(values, size):
        return np.lib.stride_tricks.sliding_window_view(values, (size, size)).sum(axis=(2, 3))""",
    "what-it-looks-at 2": """def apart(c, r, bins):
        which = np.minimum((c * bins).astype(int), bins - 1)
        return [(c - r)[which == k].sum() for k in range(bins)]""",
    "what-it-looks-at 3": """def least(c, r, most):
        best, n = r[np.argsort(-c)], len(c)
        kept = [k for k in range(1, n + 1) if (1 - best[:k]).mean() <= most]
        return 1 - max(kept, default=0) / n""",
    "lenet-in-keras 4": """def counted(rows, columns, classes):
        counts = np.zeros((classes, classes))
        np.add.at(counts, (rows, columns), 1)
        return counts""",
}
WRONG = {
    "when-it-breaks 8": [
        """def f(predicted, labels):
        agree = [(np.roll(labels, k) == predicted).sum() for k in range(len(labels))]
        return int(np.argmax(agree))""",
        """def f(predicted, labels):
        for k in range(len(labels)):
            if (np.roll(labels, -k) == predicted).all():
                return k
        return 0""",
        """def f(predicted, labels):
        return list(labels).index(predicted[0])""",
        """def f(predicted, labels):
        agree = [np.mean(labels[k:] == predicted[: len(labels) - k]) for k in range(len(labels))]
        return int(np.argmax(agree))""",
        """def f(predicted, labels):
        agree = [np.sum(np.roll(labels, -k) == predicted) for k in range(10)]
        return int(np.argmax(agree))""",
        """def f(predicted, labels):
        return 2""",
    ],
    "when-it-breaks 9": [
        """def f(images, others):
        return images[[all((x != y).any(axis=1).all() for y in others) for x in images]]""",
        """def f(images, others):
        known = {x.sum() for x in others}
        return images[[x.sum() not in known for x in images]]""",
        """def f(images, others):
        known = {x.tobytes() for x in others}
        return images[[x.tobytes() in known for x in images]]""",
        """def f(images, others):
        known = {x.tobytes() for x in others}
        fresh = {x.tobytes(): x for x in images if x.tobytes() not in known}
        return np.array(list(fresh.values()))""",
        """def f(images, others):
        n = min(len(images), len(others))
        same = (images[:n] == others[:n]).all(axis=(1, 2))
        return np.concatenate([images[:n][~same], images[n:]])""",
        """def f(images, others):
        return images[~np.isin(images, others).all(axis=(1, 2))]""",
        """def f(images, others):
        known = {tuple(sorted(x.ravel())) for x in others}
        return images[[tuple(sorted(x.ravel())) not in known for x in images]]""",
        """def f(images, others):
        known = {x[0].tobytes() for x in others}
        return images[[x[0].tobytes() not in known for x in images]]""",
    ],
    "convolution 3": [
        """def f(image, kernel, stride):  # 2×2 for any kernel
            n, m = ((size - 2) // stride + 1 for size in image.shape)
            corners = [(i * stride, j * stride) for i in range(n) for j in range(m)]
            windows = [image[i : i + 2, j : j + 2] for i, j in corners]
            return np.array([(w * kernel).sum() for w in windows]).reshape(n, m)""",
        """def f(image, kernel, stride):  # the rows' size for the columns
            k = kernel.shape[0]
            n, m = ((size - k) // stride + 1 for size in image.shape)
            corners = [(i * stride, j * stride) for i in range(n) for j in range(m)]
            windows = [image[i : i + k, j : j + k] for i, j in corners]
            return np.array([(w * kernel).sum() for w in windows]).reshape(n, m)""",
        """def f(image, kernel, stride):  # as many columns as rows
            full = convolve(image, kernel)[::stride, ::stride]
            return full[:, : len(full)]""",
        "def f(image, kernel, stride): return convolve(image, kernel)[::stride]",
        "def f(image, kernel, stride): return convolve(image[::stride, ::stride], kernel)",
        "def f(image, kernel, stride): return convolve(image, kernel)[: image.shape[0] // stride]",
        "def f(image, kernel, stride): return convolve(image, kernel.T)[::stride, ::stride]",
    ],
    "before-cnns 3": [
        "def f(x): return np.abs(responses(x).mean(axis=(1, 2)))",
        "def f(x): return np.abs(responses(x)).sum(axis=(1, 2)) / 400",
        "def f(x): return np.sqrt((responses(x) ** 2).mean(axis=(1, 2)))",
        "def f(x): return np.abs(responses(x[:1])).mean(axis=(1, 2)).repeat(len(x), axis=0)",
        "def f(x): return np.abs(responses(x, mode='edge')).mean(axis=(1, 2))",
        "def f(x): return np.abs(responses(x)).max(axis=(1, 2))",
        "def f(x): return np.abs(responses(x)).mean(axis=(1, 2, 3))",
        "def f(x): return np.abs(responses(x)).mean(axis=(0, 1))",
        "def f(x): return np.abs(responses(x, mode='constant')).mean(axis=(1, 2))",
    ],
    "gradients 2": [
        "def f(x, g, leak): return g * (x > 0)",
        "def f(x, g, leak): return np.where(x > 0, g, 0.1 * g)",
        "def f(x, g, leak): return np.where(x >= 0, g, leak * g)",
        "def f(x, g, leak): return np.where(g > 0, g, leak * g)",
        "def f(x, g, leak): return np.where(x > 0, x, leak * x) * g",
        "def f(x, g, leak): return np.maximum(g, leak * g)",
        "def f(x, g, leak): return np.where(x > 0, g, g - leak)",
    ],
    "learned-kernels 2": [
        "def f(first, second): return np.convolve(first, second, 'same')",
        "def f(first, second): return np.correlate(first, second, 'full')",
        "def f(first, second): return np.correlate(second, first, 'full')",
        "def f(first, second): return np.convolve(first, second)[::-1]",
        "def f(first, second): return np.convolve(first, second)[:3]",
        "def f(first, second): return first[:2] * second[:2]",
        "def f(first, second): return np.append(first, second)",
        "def f(first, second): return np.outer(first, second).sum(axis=0)",
    ],
    "sparse-connectivity 2": [
        "def f(n, k, s): return windows_of(n, k, s, (n - 2) // s + 1)",
        "def f(n, k, s): return windows_of(n, k, s, n // s)",
        "def f(n, k, s): return windows_of(n, 2, s, (n - k) // s + 1)",
        "def f(n, k, s): return windows_of(n, s, s, (n - k) // s + 1)",
        "def f(n, k, s): return windows_of(n, k, 1, n - k + 1)",
        "def f(n, k, s): return windows_of(n, k, s, (n - k) // s + 1).T",
        "def f(n, k, s): return windows_of(n, k, s, -(-(n - k) // s) + 1)",
    ],
    "receptive-fields 3": [
        field("size += (k - 1) * d * j; j = s"),
        field("j *= s; size += (k - 1) * d * j"),
        field("size += (k - 1) * j; j *= s"),
        field("size += (k - 1) * d * j; j += s - 1"),
        field("size += (k - 1) * d * j; j = max(j, s)"),
        field("size += k * d * j - 1; j *= s"),
        field("size += (k - 1) * d * j; j *= s * d"),
        "def f(layers): return 1 + sum((k - 1) * d for k, s, d in layers)",
    ],
    "weight-sharing 3": [
        "def f(x, k, b, s): return circular(circular(x, k, s), b)",
        "def f(x, k, b, s): return circular(circular(x[::s, ::s], k), b)",
        "def f(x, k, b, s): return circular(circular(x, k), b)[::s]",
        "def f(x, k, b, s): return circular(circular(x, k), b, 2)",
        "def f(x, k, b, s): return circular(circular(x, k), b)[s - 1 :: s, s - 1 :: s]",
        "def f(x, k, b, s): return circular(circular(x, k), b / b.sum(), s)",
        "def f(x, k, b, s): return convolve(circular(x, k), b, s, 'same')",
        "def f(x, k, b, s): return circular(circular(x.T, k), b, s).T",
    ],
    "lenet-by-hand 4": [
        "def f(k, t): return np.sum(t) * k * k",
        "def f(k, t): return np.sum(t) * k * k + 1",
        "def f(k, t): return np.sum(t) * k * k + len(t[0])",
        "def f(k, t): return np.sum(t) * (k * k + 1)",
        "def f(k, t): return sum(t[0]) * len(t) * k * k + len(t)",
        "def f(k, t): return np.sum(t) * 25 + len(t)",
        "def f(k, t): return len(t) * (len(t[0]) * k * k + 1)",
    ],
    "lenet-in-keras 4": [
        "def f(t, p, n): return counted(p, t, n)",
        "def f(t, p, n): return counted(t, p, 10)[:n, :n]",
        "def f(t, p, n): return counted(t, p, len(set(t) | set(p)))",
        "def f(t, p, n): return counted(t, p, n) / len(t)",
        "def f(t, p, n): return np.minimum(counted(t, p, n), 1)",
        "def f(t, p, n): return counted(t, p, n) * np.eye(n)",
    ],
    "alexnet-by-hand 4": [
        "def f(p, o, b): return 16 * p + o",
        "def f(p, o, b): return 16 * p + 128 * o",
        "def f(p, o, b): return 12 * p + o * b",
        "def f(p, o, b): return (16 * p + o) * b",
        "def f(p, o, b): return 16 * p + 4 * o * b",
    ],
    "alexnet-in-keras 4": [
        "def f(x): return (x - x.mean()) / x.std()",
        "def f(x): return (x - x.mean((1, 2), keepdims=True)) / x.std((1, 2), keepdims=True)",
        "def f(x): return (x - x.mean(0)) / x.std(0)",
        "def f(x): return (x - x.mean((0, 1, 2))) / x.std((0, 1, 2), ddof=1)",
        "def f(x): return (x - x.mean((0, 1, 2))) / x.var((0, 1, 2))",
        "def f(x): return (x - x.mean((0, 1, 2))) / x.std()",
        "def f(x): return (x - x.mean((0, 1, 2))) / x.max((0, 1, 2))",
    ],
    "equal-budgets 3": [
        "def f(p, e): return int(p * (1 - p) / e**2)",
        "def f(p, e): return int(p * (1 - p) / e**2) + 1",
        "def f(p, e): return p * (1 - p) / e**2",
        "def f(p, e): return round(p * (1 - p) / e**2)",
        "def f(p, e): return int(np.ceil(0.25 / e**2))",
        "def f(p, e): return int(np.ceil(np.sqrt(p * (1 - p)) / e))",
        "def f(p, e): return int(np.ceil(p / e**2))",
        "def f(p, e): return int(np.ceil(p**2 / e**2))",
    ],
    "lenet-in-numpy 2": [
        "def f(w, v, g, rate, m): return w + v, m * v - rate * g",
        "def f(w, v, g, rate, m): return w - rate * g, m * v - rate * g",
        "def f(w, v, g, rate, m): return w + m * v + rate * g, m * v + rate * g",
        "def f(w, v, g, rate, m): return w + m * v - rate * g, v",
        "def f(w, v, g, rate, m): return w + m * (m * v - rate * g) - rate * g, m * v - rate * g",
        "def f(w, v, g, rate, m): return w + 0.9 * v - rate * g, 0.9 * v - rate * g",
        "def f(w, v, g, rate, m): return m * v - rate * g, w + m * v - rate * g",
    ],
    "lenet-in-numpy 3": [
        "def f(x, g): return g.repeat(2, axis=1).repeat(2, axis=2)",
        "def f(x, g): return g.repeat(2, axis=2).repeat(2, axis=1) / x.shape[1]",
        "def f(x, g): return np.tile(g, (1, 2, 2, 1)) / 4",
        "def f(x, g): return np.ones_like(x) / 4",
        "def f(x, g): return operations.max_pooling2d_gradient(x, g)",
        "def f(x, g): return np.full(x.shape, g.mean() / 4)",
        """def f(x, g):  # one of four
            by_x = np.zeros_like(x)
            by_x[:, ::2, ::2] = g / 4
            return by_x""",
    ],
    "read-any-network 3": [
        "def f(v, k, s): return np.convolve(np.repeat(v, s), k)",
        "def f(v, k, s): return np.convolve(v, k)",
        "def f(v, k, s): return np.outer(v, k).ravel()",
        "def f(v, k, s): return spread(np.array([v]), np.array([k[::-1]]), s)[0]",
        "def f(v, k, s): return spread(np.array([v]), np.array([k]), s)[0][: len(v) * s]",
        "def f(v, k, s): return spread(np.array([v]), np.array([k]), 2)[0]",
        "def f(v, k, s): return spread(np.array([k]), np.array([v]), s)[0]",
        "def f(v, k, s): return overwritten(v, k, s)",
    ],
    "what-it-looks-at 1": [
        "def f(i, w, size): return (i * w).sum() - fallen(i * w, size)",
        "def f(i, w, size): return -fallen(i * w, size)",
        "def f(i, w, size): return fallen(w, size)",
        "def f(i, w, size): return fallen(i, size)",
        "def f(i, w, size): return fallen(i * w, 2)",
        "def f(i, w, size): return fallen(i * w, size) / size**2",
        "def f(i, w, size): return fallen(i * w, size).T",
        "def f(i, w, size): return fallen(np.pad(i * w, size // 2), size)",
        "def f(i, w, size): return np.abs(fallen(i * w, size))",
    ],
    "what-it-looks-at 2": [
        "def f(c, r, bins): return abs(c.mean() - r.mean())",
        "def f(c, r, bins): return np.abs(c - r).mean()",
        "def f(c, r, bins): return sum(apart(c, r, bins)) / len(c)",
        "def f(c, r, bins): return sum(map(abs, apart(c, r, 10))) / len(c)",
        "def f(c, r, bins): return sum(map(abs, apart(c, r, bins))) / bins",
        "def f(c, r, bins): return sum(map(abs, apart(c, r, bins)))",
        "def f(c, r, bins): return sum(d**2 for d in apart(c, r, bins)) / len(c)",
        "def f(c, r, bins): return sum(map(abs, apart(c, r, bins + 1)[:-1])) / len(c)",
    ],
    "what-it-looks-at 3": [
        "def f(c, r, most): return 1 - least(c, r, most)",
        "def f(c, r, most): return least(-c, r, most)",
        "def f(c, r, most): return least(c, 1 - r, most)",
        "def f(c, r, most): return least(c, r, 0)",
        "def f(c, r, most): return least(c, r, most - 1e-6)",
        "def f(c, r, most): return least(np.arange(len(c), 0, -1), r, most)",
        "def f(c, r, most): return max(0, 1 - r.mean() - most)",
        """def f(c, r, most):  # stops at the first that breaks the promise
            best = r[np.argsort(-c)]
            for n in range(len(best)):
                if (1 - best[: n + 1]).mean() > most:
                    return 1 - n / len(best)
            return 0.0""",
    ],
    "lesson-template 2": [
        "def f(rows, columns): return np.full((rows, columns), 1 / rows**2)",
        "def f(rows, columns): return np.full((rows, rows), 1 / (rows * columns))",
        "def f(rows, columns): return np.full((rows, columns), 1 / 25)",
        "def f(rows, columns): return np.full(columns, 1 / (rows * columns))",
        "def f(rows, columns): return np.full((rows, columns), 1 / (rows + columns))",
    ],
}  # fmt: skip
