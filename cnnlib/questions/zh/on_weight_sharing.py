"""为什么所有位置可以用同一组权重？"""

from cnnlib.interactive import Option, Question
from cnnlib.layers import Conv2D, LocallyConnected2D
from cnnlib.network import Network


def questions() -> list[Question]:
    """本课的自测题。"""
    shared = Network((32, 32, 1), [Conv2D(6, 5)])[0]
    local = Network((32, 32, 1), [LocallyConnected2D(6, 5)])[0]
    places = shared.output_shape[0] * shared.output_shape[1]
    jump = Network((99, 99, 1), [Conv2D(1, 3, strides=4)])[0].jump[0]
    return [
        Question(
            "数字移动，特征图也跟着移动。这一层是",
            [
                Option("不变的", "那样的话，特征图会保持原样"),
                Option("等变的", "输入移动，输出跟着移动", right=True),
                Option("稀疏的", "局部连接层也稀疏，它的特征图却不会跟着移动"),
            ],
            see="分清不变与等变",
        ),
        Question(
            "LeNet的C1，做成共享的或者局部连接的，乘加次数相比如何？",
            [
                Option(f"都是{shared.macs:,}", "共享并不节省计算", right=True),
                Option(
                    f"分别是{shared.macs // places:,}和{local.macs:,}",
                    "共享的权重在每个位置上照样要乘一次",
                ),
                Option(f"分别是{shared.parameters}和{local.parameters:,}", "这是参数的个数"),
            ],
            see="用三种办法数LeNet的第一层",
        ),
        Question(
            "卷积共享的是哪些权重？",
            [
                Option("所有卷积核的权重", "两个卷积核之间什么也不共享"),
                Option("所有通道的权重", "卷积核在每个通道上各有一个切片"),
                Option("同一个卷积核在各个位置上的权重", "偏置也一样", right=True),
            ],
            see="给权重编号",
        ),
        Question(
            "在哪些图像上，各处共用一个卷积核的误差会远大于各处各用一个？",
            [
                Option(
                    "总在正中、端正直立的图形",
                    "每个位置上出现的总是图形的同一部分",
                    right=True,
                ),
                Option("同样的图形，但挪到随机的位置", "哪一部分都可能出现在任何地方"),
                Option("哪些都不会：共享没有代价", "这要看什么东西可能出现在哪里"),
            ],
            see="问问图像：一个卷积核够不够",
        ),
        Question(
            "步幅为4时，卷积能准确跟上哪些平移？",
            [
                Option("所有平移", "平移1，窗口里就换了一批像素"),
                Option(f"{jump}的倍数", "这时窗口碰到的还是同样的像素", right=True),
                Option("一个也跟不上", "平移4，就是平移一个单元"),
            ],
            see="用跳步打破等变",
        ),
        Question(
            "在远离边界的地方，是什么让网络忘记物体在哪里？",
            [
                Option("单靠共享", "特征图跟着移动，所以仍然显示在哪里"),
                Option("单靠全局池化", "没有共享，每个位置都会留下自己的数"),
                Option("共享加上全局池化", "只有一样时，位置还在", right=True),
            ],
            see="查清是什么丢了位置",
        ),
    ]


# translates 94a213c715 8e428666b1
