"""Signs of life: when the worker last went through what there is to do."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from models.erasure import holds_no_person
from models.orm import Base, UtcDateTime


class WorkerBeat(Base):
    """When the jobs of one lane were last gone through, by whichever worker."""

    __tablename__ = "worker_beat"

    lane: Mapped[str] = mapped_column(String(20), primary_key=True, info=holds_no_person())
    beat_at: Mapped[datetime] = mapped_column(UtcDateTime)
