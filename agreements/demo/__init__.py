"""The demo's agreements: the worked cases of the five papers, what runs today, and one of each state an officer meets.

They are made by the verbs themselves, each on its own day, so every paper, signature and event is there.
"""

from agreements.demo.telling import on_day
from agreements.demo.whole import RUNNING_ENDS

__all__ = ["RUNNING_ENDS", "on_day"]
