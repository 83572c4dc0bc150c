"""框架替你做了什么？LeNet的全部学习，写在一页纸上。"""

import numpy as np

from cnnlib.interactive import Option, Question


def questions() -> list[Question]:
    """这一课的自测题。"""
    rounding = float(np.finfo(np.float32).eps)
    batch, block = 512, 64
    return [
        Question(
            "你逐层核对反向。C3的卷积核的斜率是对的，前一层C1的却是错的。错误在哪里？",
            [
                Option("在两者之间", "在C3传下去的东西里，或在C1怎样用它", right=True),
                Option("在损失里", "那样C3的斜率也会错"),
                Option("在C5，即C3后面的一层", "C3的斜率就是由C5传下来的东西算出的"),
            ],
            see="核对全部十个数组",
        ),
        Question(
            f"权重相同，数字相同：NumPy和TensorFlow的斜率为什么还相差约{rounding:.0e}？",
            [
                Option("有一方算错了", "那样会差得多得多"),
                Option("相加的次序不同", "每个和都要舍入", right=True),
                Option("TensorFlow靠扰动来量", "它是沿着每个运算往回走的"),
            ],
            see="核对全部十个数组",
        ),
        Question(
            "两个程序算同样的池化。在内存里，一个把通道放在最后，一个把图像放在最后。什么会不同？",
            [
                Option("要比较多少次", "窗口是一样的"),
                Option("要用多少时间", "连续的一长段内存读得快", right=True),
                Option("哪些值胜出", "两边都找出每个窗口里最大的"),
            ],
            see="看轴的次序为什么要紧",
        ),
        Question(
            f"一个批量有{batch}张图像，分成每块{block}张来算。它的梯度会怎样？",
            [
                Option("变成小批量的梯度，与原来不同", "中间并没有走一步"),
                Option(f"变成{batch // block}倍", "每块按自己的份额计入"),
                Option("不变，只差舍入", "各部分的均值再取均值", right=True),
            ],
            see="看轴的次序为什么要紧",
        ),
        Question(
            "计时的时候，为什么让每个程序独占一个进程？",
            [
                Option("为了权重相同", "权重可以交给任何程序"),
                Option("免得互相拖慢", "线程会等待，会空转", right=True),
                Option("Keras要求这样", "本课里Keras就和NumPy共用一个进程"),
            ],
            see="与Keras比时间",
        ),
        Question(
            "我们的60行和TensorFlow的梯度带求出的斜率相同。梯度带替你省下了什么？",
            [
                Option("舍入误差", "它也舍入，只是次序不同"),
                Option("为每个新网络写反向", "它跟着运算走", right=True),
                Option("选择损失函数", "给它什么损失，它就从什么损失往回走"),
            ],
            see="看那些方块有什么用",
        ),
    ]


# translates ec6aa750aa a7f4b36736
