"""LeNet识别数字的本领有多好？"""

import math

from cnnlib import architectures
from cnnlib.interactive import Option, Question


def questions() -> list[Question]:
    """这一课的自测题。"""
    parameters = architectures.lenet5().parameters
    in_summary = 3 * parameters + 2  # Adam为每个参数存的两个平均，加上步数和学习率
    strays_by = math.sqrt(0.99 * 0.01 / 10_000)
    return [
        Question(
            "训练多久，可以由哪些数字来决定？",
            [
                Option("测试数字", "那样它们就不再说真话了"),
                Option("验证数字", "留出来就是为了这个", right=True),
                Option("训练数字", "在这些数字上，训练得越久看上去总是越好"),
            ],
            see="留出一部分",
        ),
        Question(
            "一个识别十个数字的网络，还没有训练，损失就是6。最可能是什么原因？",
            [
                Option("标签打乱了", "在一个什么都不知道的网络看来，标签没有毛病"),
                Option("网络太小", "等到学习的时候，大小才要紧"),
                Option(
                    "像素的尺度错了",
                    f"尺度对的话，十个类别开始时约为{math.log(10):.1f}",
                    right=True,
                ),
            ],
            see="编译，训练之前先测量",
        ),
        Question(
            f"用Adam训练之后，Keras的摘要说{in_summary:,}。LeNet有多少个参数？",
            [
                Option(f"{parameters:,}个", "其余的是优化器的记忆", right=True),
                Option(f"{in_summary:,}个", "这里面有Adam的平均"),
                Option(f"{3 * parameters:,}个", "每个参数三个数，其中两个是Adam的"),
            ],
            see="保存，载入，使用",
        ),
        Question(
            "学习率先升到0.003再下降，胜过固定的0.001。预热有用吗？",
            [
                Option("有用，新加的就是它", "峰值也是新的，下降也是新的"),
                Option("没有用，从来都没有用", "一次比较也说明不了这个"),
                Option(
                    "还不知道",
                    "去掉预热，峰值和下降都不变，再看",
                    right=True,
                ),
            ],
            see="把配方拆开来看",
        ),
        Question(
            "批量规范化做两次，随机种子相同：滑动平均一次每步移动1%，一次每步移动10%。"
            "学完之后，哪里不同？",
            [
                Option("权重", "学习时看的是手头的批量，不是滑动平均"),
                Option("只有滑动平均", "使用时用到它们，所以回答不同", right=True),
                Option("没有不同", "使用时，滑动平均要顶替批量"),
            ],
            see="数字很少时，帮它一把",
        ),
        Question(
            "两个网络读同样的10,000个数字，相差十分之一个百分点。哪个更好？",
            [
                Option("读对得多的那个", f"准确率99%，标准误差就有{strays_by:.2%}"),
                Option("不分高下：测试什么也证明不了", "差别够大，就算数"),
                Option("还不知道", "数一数只有一方读对的数字", right=True),
            ],
            see="算一算有多大把握",
        ),
    ]


# translates f938c7bab5 055b868dae
