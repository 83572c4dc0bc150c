"""谁和谁相连？"""

from cnnlib.interactive import Option, Question
from cnnlib.layers import Conv2D, Dense, Flatten
from cnnlib.network import Network


def questions() -> list[Question]:
    """本课的测验。"""
    shared = Network((4, 4, 1), [Conv2D(1, 2, strides=2)])[0]
    dense = Network((4, 4, 1), [Flatten(), Dense(4)])[-1]
    return [
        Question(
            "局部层改用共享的权重。什么会减少？",
            [
                Option("参数和连接", "每一条线都还在"),
                Option("只有参数", "只存一份，每个位置都用", right=True),
                Option("工作量", "每个乘积还是要算"),
            ],
            see="数一数",
        ),
        Question(
            "一个2×2的卷积核以步幅2走过4×4个像素，带一个偏置。有多少条连接？",
            [
                Option(f"{shared.parameters}", "这是它的参数"),
                Option(f"{dense.connections}", "那是有4个单元的全连接层"),
                Option(f"{shared.macs}", "每个单元的偏置也是一条连接"),
                Option(f"{shared.connections}", "4个单元，各有4个像素和一个偏置", right=True),
            ],
            see="数一数",
        ),
        Question(
            "一层的矩阵里，零是什么？",
            [
                Option("没有墨迹的像素", "矩阵不认识图像"),
                Option("不存在的连接", "这就是稀疏", right=True),
                Option("共享的权重", "共享表现为重复出现的颜色"),
            ],
            see="把一层写成矩阵",
        ),
        Question(
            "一张4×4的图像，第一行是像素1到4。一个2×2的卷积核每次移2个像素。谁同时看得到2和3？",
            [
                Option("没有哪个单元", "两个窗口正好在那里交界", right=True),
                Option("第一个单元", "它看到的是1、2、5和6"),
                Option("前两个单元", "各看到其中一个"),
            ],
            see="问问步幅2丢了什么",
        ),
        Question(
            "对一张有边缘的图和一张空图，某一层给出的都全是零。后面的层能做什么？",
            [
                Option("层数够多，就能找到边缘", "它们得到的是同样的数"),
                Option("只要学习，就能找到边缘", "传给它们的数里，没有可学的东西"),
                Option("什么也做不了", "对它们来说，两张图就是一张", right=True),
            ],
            see="问问步幅2丢了什么",
        ),
        Question(
            "图像从128×128变大到256×256。卷积的一个单元这时的连接",
            [
                Option("是原来的四倍", "那是全连接层的单元"),
                Option("是原来的两倍", "它的窗口并没有变大"),
                Option("和原来一样多", "它读的只有自己的窗口", right=True),
            ],
            see="让图像变大",
        ),
    ]


# translates 037e1ac06e d7d7aba547
