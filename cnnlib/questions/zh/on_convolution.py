"""什么是卷积？"""

from cnnlib import shapes
from cnnlib.interactive import Option, Question


def questions() -> list[Question]:
    """这一课的自测。"""
    side = shapes.output_size(7, kernel=2, stride=2)
    start, end = shapes.resolve_padding("same", size=6, kernel=3, stride=2)
    one_filter, filters, channels = 5 * 5 * 3, 16, 3
    return [
        Question(
            "大小为2的卷积核以步幅2滑过7个像素。能放下几个窗口？",
            [
                Option(f"{side + 1}", "会有一个窗口伸出末尾：要向下取整，不是向上"),
                Option("3.5", "半个窗口不算窗口：向下取整"),
                Option(f"{side}", "最后一个像素没有窗口看到", right=True),
            ],
            see="把步子迈大",
        ),
        Question(
            "卷积神经网络在滑动卷积核之前，先对卷积核做什么？",
            [
                Option("什么也不做", "第一个权重就对着第一个像素", right=True),
                Option("把它翻转", "那是更早的那种运算，也就是`np.convolve`做的"),
                Option("把权重之和缩放成1", "模糊核正是如此；Sobel核的和是0"),
            ],
            see="给它起名",
        ),
        Question(
            "彩色图像有3个通道。一个卷积核怎样看它们？",
            [
                Option("三个通道共用一组权重", "每个通道都有自己的一组"),
                Option("得到三张特征图", "所有结果加在一起，只有一张图"),
                Option("每个通道一个权重切片，结果全部相加", "每个位置得到一个数", right=True),
            ],
            see="看遍所有通道",
        ),
        Question(
            f"一层有{filters}个5×5的卷积核，读入{channels}个通道。输出有几个通道？",
            [
                Option(f"{filters}", "每个卷积核给出一张特征图", right=True),
                Option(f"{filters * channels}", "每个卷积核都会把各通道加起来"),
                Option(f"{channels}", "输入的通道已经并进和里了"),
                Option(f"{one_filter}", "这是一个卷积核的权重数"),
            ],
            see="叠放多个卷积核",
        ),
        Question(
            "6个像素，卷积核大小3，步幅2，Keras的`same`。零补在哪里？",
            [
                Option("两边各一个", "那是`padding=1`的结果，PyTorch习惯这样"),
                Option(
                    f"前面{start}个，后面{end}个", "补零数是奇数时，多出的一个放在后面", right=True
                ),
                Option("不补：`same`要求步幅为1", "它给出n / s个窗口，向上取整"),
            ],
            see="加一圈边",
        ),
        Question(
            "一个卷积核的权重加起来是0。什么不能再让它的输出变大？",
            [
                Option("给每个像素加上同样的亮度", "加上的是0", right=True),
                Option("更强的对比度", "对比度变成两倍，和也变成两倍"),
                Option("与卷积核更相像的图像块", "那仍然会让输出变大"),
            ],
            see="匹配一个图案",
        ),
    ]


# translates 6088603773 a4492cf11a
