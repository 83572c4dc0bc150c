"""Train lesson 10's LeNet on one device, then on two: the losses agree.

    .venv/bin/python -m scripts.train_on_two_devices

One processor plays both devices here. On a machine with several GPUs leave out the lines up to
`set_logical_device_configuration`, and `MirroredStrategy()` takes all of them.
"""

import keras
import numpy as np
import tensorflow as tf

from cnnlib import architectures, datasets

half = tf.config.LogicalDeviceConfiguration()
processor = tf.config.list_physical_devices("CPU")[0]
tf.config.set_logical_device_configuration(processor, [half, half])

(images, labels), _ = datasets.load_mnist()
images, labels = datasets.prepare_digits(images[:6400]), labels[:6400]


def train(strategy: tf.distribute.Strategy) -> list[float]:
    """Return the loss of each epoch."""
    keras.utils.set_random_seed(0)
    with strategy.scope():  # every device gets its copy of the weights
        model = architectures.lenet5().to_keras()
        model.compile("adam", "sparse_categorical_crossentropy")
    settings = {"batch_size": 64, "epochs": 2, "shuffle": False, "verbose": 0}
    first, second = model.fit(images, labels, **settings).history["loss"]
    devices = strategy.num_replicas_in_sync
    print(f"devices {devices}  loss {first:.4f}, then {second:.4f}")
    return [first, second]


one = train(tf.distribute.OneDeviceStrategy("CPU:0"))
two = train(tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"]))
np.testing.assert_allclose(two, one, rtol=1e-2)  # sums in another order round differently
