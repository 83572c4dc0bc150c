"""稀疏、共享和池化，各自换来了什么？"""

from cnnlib.interactive import Option, Question
from cnnlib.layers import Conv2D, Dense, Flatten, LocallyConnected2D, MaxPooling2D
from cnnlib.network import Network


def questions() -> list[Question]:
    """这一课的自测题。"""
    shared, local = (
        Network((20, 20, 1), [layer, MaxPooling2D(2), Flatten(), Dense(10)])
        for layer in (Conv2D(8, 5), LocallyConnected2D(8, 5))
    )
    ratio = round(local.parameters / shared.parameters)
    right, digits = 0.9, 400
    error = (right * (1 - right) / digits) ** 0.5
    return [
        Question(
            "两个网络的窗口相同，每个窗口的卷积核也一样多。一个共享卷积核，另一个不共享。"
            "它们在哪种预算上相等？",
            [
                Option(
                    "参数",
                    f"窗口为5×5、图像为20×20像素时，局部网络的参数是{ratio}倍",
                ),
                Option("计算量", "每个窗口都乘以同样多的权重", right=True),
                Option("两种都相等", "共享的权重只存一份，却用在每个位置"),
            ],
            see="摆好画布和网络",
        ),
        Question(
            "预算相等时，局部层的成绩比全连接层好。把所有图像的像素按同一种顺序打乱之后，"
            "两者持平。这说明什么？",
            [
                Option(
                    "有用的是连接少",
                    "在打乱的图像上，它的连接一样少，却不再有用",
                ),
                Option(
                    "局部层的好处来自读相邻的像素",
                    "它读的像素和原来一样少，但不再相邻",
                    right=True,
                ),
                Option("全连接层需要像素的顺序", "对它来说，换个顺序什么也没变"),
            ],
            see="拿走连接",
        ),
        Question(
            "窗口相同，共享对哪些数字提高了准确率？",
            [
                Option("居中的数字", "居中时两者持平"),
                Option(
                    "随处摆放的数字，并且后面有池化",
                    "没有池化，随处摆放的也持平",
                    right=True,
                ),
                Option("所有数字，有没有池化都行", "居中的数字没有因此得到好处"),
            ],
            see="多看些位置，再池化",
        ),
        Question(
            f"{digits}个测试数字，一个网络读对了{right:.0%}。标准误差是多少？",
            [
                Option(f"{error:.1%}", "p(1 − p)/n的平方根", right=True),
                Option(f"{error**2:.3%}", "这是它的平方：要开方"),
                Option(f"{right / digits**0.5:.1%}", "根号下既有p，也有1 − p"),
            ],
            see="弄清一个准确率有多可靠",
        ),
        Question(
            "两个训练好的网络之间，麦克尼马尔检验的z等于4，它们的架构不同。由此能得出什么？",
            [
                Option(
                    "这两个网络中，有一个更好",
                    "排除了测试数字选得碰巧，没有排除随机种子碰巧",
                    right=True,
                ),
                Option("有一种架构更好", "同一种架构的两个随机种子，也可能相差这么多"),
                Option("什么也得不出", "单凭偶然，z超出2，二十次里只有一次"),
            ],
            see="用同一批数字比较两个分类器",
        ),
    ]


# translates b41a41224d 69b16b58d8
