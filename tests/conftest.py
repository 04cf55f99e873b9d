"""Fixtures that every suite shares; kept small on purpose."""
