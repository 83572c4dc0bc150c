"""后来又有了哪些网络，你算得清吗？"""

from fractions import Fraction

from cnnlib import architectures
from cnnlib.interactive import Option, Question
from cnnlib.layers import Conv2D, Conv2DTranspose
from cnnlib.network import Network


def questions() -> list[Question]:
    """这一课的自测题。"""
    shape, filters = (28, 28, 192), 32
    whole = Network(shape, [Conv2D(filters, 5, padding="same")]).macs
    narrow = Network(shape, [Conv2D(16, 1), Conv2D(filters, 5, padding="same")]).macs
    one = Network((32, 32, 1), [Conv2D(16, 7, use_bias=False)]).parameters
    three = Network((32, 32, 1), [Conv2D(16, 3, use_bias=False)] * 3).parameters
    fc6 = architectures.vgg16()["fc6"].parameters
    size = Conv2DTranspose(1, 4, strides=2).output_shape((5, 5, 1))[0]
    return [
        Question(
            "5×5的卷积核原来读192个通道，现在前面放一个1×1卷积，降到16个通道。乘加为什么会减少？",
            [
                Option("特征图变小了", "1×1卷积不改变它的大小"),
                Option(
                    "5×5的卷积核变浅了",
                    f"它们只读16个通道：乘加是{narrow:,}次，原来是{whole:,}次",
                    right=True,
                ),
                Option("1×1卷积没有代价", "它的代价很小，但也算进去了"),
            ],
            see="在前面放一个窄层",
        ),
        Question(
            "进来一个通道，出去16个。一个7×7的层，和看得一样远的三个3×3的层，各层都是16个卷积核。"
            "哪一边的权重少？",
            [
                Option("7×7的层", f"{one:,}对{three:,}", right=True),
                Option("那三层", "其中两层要读16个通道，大的那层只读1个"),
                Option("一样多", "看到的像素相同，数出来却不同"),
            ],
            see="把小卷积核叠起来",
        ),
        Question(
            f"VGG-16有一层有{fc6:,}个参数。在以全局池化收尾的网络里，代替它的是什么？",
            [
                Option("每张特征图一个均值", "一行数很短，而且没有权重", right=True),
                Option("一个1×1卷积", "那样，每个位置都还留着"),
                Option("最后一次池化换成更大的、带权重的", "池化没有权重"),
            ],
            see="先池化，再做决定",
        ),
        Question(
            "3×3的卷积核，个数非常多：把卷积改成深度可分离的，乘加还剩多少？",
            [
                Option("大约1/3", "卷积核有两条边"),
                Option(f"比{Fraction(1, 9)}略多", "1/F + 1/k²，而F很大", right=True),
                Option("1 / 通道数", "进来的通道数约掉了"),
            ],
            see="把卷积核拆开",
        ),
        Question(
            "一座二十层的普通塔，初始权重小，几乎学不起来；加上残差连接，就学起来了。"
            "在没有训练过的塔里，残差连接改变了什么？",
            [
                Option("要学的权重少了", "残差连接一个权重也不拿走"),
                Option(
                    "值一层层传下去，大小保持住了",
                    "不管一对卷积怎么处理，进来的都照样传下去",
                    right=True,
                ),
                Option(
                    "数字不再在路上变得彼此相像",
                    "量过了：有捷径，差别所占的比例也在下降",
                ),
            ],
            see="把进来的再加上去",
        ),
        Question(
            "一行五个值，用大小为4、步幅为2的转置卷积铺开。什么也不裁掉，得到几个值？",
            [
                Option("10", "最后一个窗口伸得比输入的两倍还远"),
                Option("20", "窗口有重叠，重叠的地方相加"),
                Option(str(size), "(5 − 1)·2 + 4", right=True),
            ],
            see="把每个像素铺到一个窗口上",
        ),
    ]


# translates 900e27c80c 853774814a
