"""有哪些错误人人会犯，又怎样看出来？"""

import math

from cnnlib.interactive import Option, Question


def questions() -> list[Question]:
    """本课的自测题。"""
    return [
        Question(
            "一个有100个类别的分类器还什么都没有学。它的损失是多少？",
            [
                Option("约为0", "那样的话，它就又自信又正确了"),
                Option(f"约为{math.log(100):.1f}", "这就是−log(1/100)", right=True),
                Option(f"约为{math.log(10):.1f}", "这是十个类别时的数"),
            ],
            see="检测一个正常的网络",
        ),
        Question(
            "图像与标签错位了。哪项检测查得出来？",
            [
                Option("训练前的损失", "不管标签是什么，它都是log(类别数)"),
                Option("背下一小把数字", "错误的标签也一样背得下来"),
                Option("在验证数字上的准确率", "它只有瞎猜的水平", right=True),
            ],
            see="用每项检测去试每个错误",
        ),
        Question(
            "参数个数与出处一致。这个网络对吗？",
            [
                Option("对", "conv1的填充会改变大小，却不改变参数"),
                Option("还不能肯定：要比较每个形状", "大小可能不同", right=True),
                Option("不对", "这是好兆头，但不是证明"),
            ],
            see="检测一个正常的网络",
        ),
        Question(
            "一个网络认对了100个数字里的90%。这个准确率的标准误差是多少？",
            [
                Option(f"{math.sqrt(0.9 * 0.1 / 100):.2f}", "√(0.9 · 0.1 / 100)", right=True),
                Option(f"{0.9 * 0.1 / 100:.4f}", "要开平方：这是方差"),
                Option(f"{math.sqrt(0.9 * 0.1):.1f}", "这是单独一个数字的波动"),
            ],
            see="说清一个得分有多可靠",
        ),
        Question(
            "F6有一半单元对每幅图像都沉默。它们还会恢复吗？",
            [
                Option("不会：没有梯度通过它们", "可是它们读到的东西仍在变化"),
                Option("会，只要下面的层还在学习", "它们读到的东西会变", right=True),
                Option("只有换上新的权重才会", "没有换，多数也恢复了"),
            ],
            see="看看哪些沉默单元会恢复",
        ),
    ]


# translates ed5a527124 47149aba5a
