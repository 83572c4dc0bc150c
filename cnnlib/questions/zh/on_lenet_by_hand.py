"""61,706个参数从哪里来（LeCun的60,000个又从哪里来）？"""

import math

from cnnlib import architectures
from cnnlib.interactive import Option, Question


def questions() -> list[Question]:
    """本课的自测题。"""
    lenet, lenet_1998 = architectures.lenet5(), architectures.lenet5_1998()
    c1, c3, c5 = lenet["C1"], lenet["C3"], lenet["C5"]
    units, c5_weights = math.prod(c1.output_shape), math.prod(c5.input_shape) * 120
    maps, read = c3.output_shape[-1], c3.input_shape[-1]
    slices_1998 = (lenet_1998["C3"].parameters - maps) // 25  # 每幅图一个偏置
    size = "×".join(map(str, c5.input_shape[:2]))
    macs, biases = 1_200_000, 20_000
    in_pools = lenet["S2"].parameters + lenet["S4"].parameters
    return [
        Question(
            "LeNet的C1有多少个偏置？",
            [
                Option(f"{units:,}个，每个值一个", "一个滤波器在所有位置上用同一个偏置"),
                Option(f"{c1.output_shape[-1]}个，每个滤波器一个", "偏置也共享", right=True),
                Option("整层1个", "每个滤波器有自己的偏置"),
            ],
            see="手算C1",
        ),
        Question(
            "今天，LeNet的池化层S2和S4一共有多少个参数？",
            [
                Option(f"{in_pools}", "四个值里取最大：没有什么可学", right=True),
                Option(
                    f"{lenet_1998['S2'].parameters + lenet_1998['S4'].parameters}",
                    "那是1998年的个数",
                ),
                Option("每个通道一个", "池化有窗口，窗口里没有权重"),
            ],
            see="把边长减半",
        ),
        Question(
            f"LeNet的C3有{maps}个5×5的滤波器，读六幅图。它有多少个参数？",
            [
                Option(f"{(25 + 1) * maps:,}", "六幅图中的每一幅都要有自己的25个权重"),
                Option(f"{(25 + 1) * 6 * maps:,}", "偏置是每个滤波器一个，不是每幅图一个"),
                Option(f"{c3.connections:,}", "这是连接数：参数会重复使用"),
                Option(f"{c3.parameters:,}", "每个滤波器150个权重和一个偏置", right=True),
            ],
            see="把六幅图一起看",
        ),
        Question(
            "LeNet的C5是卷积层还是全连接层？",
            [
                Option("卷积层：它的参数更少", "两者的参数一样多"),
                Option(f"在{size}的图上，两者都是", "图像更大时才分得出来", right=True),
                Option(f"全连接层：它有{c5_weights:,}个权重", "卷积层的权重也有这么多"),
            ],
            see="认识只有一个位置的卷积",
        ),
        Question(
            "1998年，LeNet的C3有多少个切片（每个25个权重）？",
            [
                Option(f"{slices_1998}", "连接表里每个填色的格就是一个", right=True),
                Option(f"{maps}", "这是它的图的幅数：每幅读3、4或6幅"),
                Option(f"{maps * read}", "这是今天的个数，每幅图都读全部六幅"),
            ],
            see="认识1998年的网络",
        ),
        Question(
            "一种工具把每次乘加算作两次运算，每个偏置算作一次。一个网络要加"
            f"{biases:,}个偏置，工具给出{2 * macs + biases:,}。这是多少次乘加？",
            [
                Option(f"{2 * macs:,}", "这是运算次数：一次乘加算两次"),
                Option(f"{macs + biases // 2:,}", "要先减去偏置，再除以二"),
                Option(f"{macs:,}", "减去偏置，再除以二", right=True),
            ],
            see="说清计数的约定",
        ),
    ]


# translates fa42b8041d 4cabdc4870
