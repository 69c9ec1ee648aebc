"""Numbers of a clause are found where they stand, each once."""

from __future__ import annotations

from jigai.reading.number_marks import Piece, mark_numbers


def marked(text: str, *tokens: str) -> list[tuple[str, str]]:
    pieces, _missing = mark_numbers(text, [(f"F{i}", t) for i, t in enumerate(tokens, 1)])
    return [(piece.text, piece.code) for piece in pieces if piece.code]


def test_every_occurrence_is_a_number_of_its_own() -> None:
    text = "补助3%，最高100万元；机器人补助5%，最高100万元。"
    assert marked(text, "3%", "100万元", "5%", "100万元") == [
        ("3%", "F1"), ("100万元", "F2"), ("5%", "F3"), ("100万元", "F4"),
    ]  # fmt: skip


def test_a_number_is_not_taken_out_of_a_longer_one() -> None:
    assert marked("增长13%，占3%", "3%") == [("3%", "F1")]
    pieces, missing = mark_numbers("共1500户", [("F1", "500")])
    assert missing == ["F1"] and pieces == [Piece("共1500户")]


def test_full_width_and_spaces_are_the_same_number() -> None:
    assert marked("达到６０％以上，最高 100 万元", "60%", "100万元") == [
        ("６０％", "F1"), ("100 万元", "F2"),
    ]  # fmt: skip


def test_longer_tokens_come_first_whatever_the_order() -> None:
    assert marked("500万元及以上的，500万元以下的", "500万元", "500万元及以上") == [
        ("500万元及以上", "F2"), ("500万元", "F1"),
    ]  # fmt: skip


def test_nothing_of_the_text_is_lost() -> None:
    text = "一、按3%补助。\n二、不超过100万元。"
    pieces, _missing = mark_numbers(text, [("F1", "3%"), ("F2", "100万元"), ("F3", "")])
    assert "".join(piece.text for piece in pieces) == text
