from pipeline.ingest.page import Piece, read_page, tile


def test_every_kind_of_line_end_divides_lines_and_nothing_changes_length() -> None:
    text = "\ufeffa\r\nb\rc\u2028 d \x0be\x0c\n\nf"
    page = read_page(text)
    assert [line.text for line in page.lines] == ["a", "b", "c", "d", "e", "f"]
    assert all(text[line.start : line.end] == line.text for line in page.lines)
    assert [line.after_blank for line in page.lines] == [True, False, False, False, False, True]


def test_a_blank_text_is_one_blank_block() -> None:
    (block,) = tile(" \n\ufeff\n", [])
    assert (block.block_type, block.char_start, block.char_end) == ("blank", 0, 4)


def test_pieces_are_trimmed_and_gaps_are_filled() -> None:
    blocks = tile(" ab  cd ", [Piece("heading", 0, 4, "x")])
    assert [(b.block_type, b.char_start, b.char_end, b.layout_rule) for b in blocks] == [
        ("blank", 0, 1, "blank"),
        ("heading", 1, 3, "x"),
        ("blank", 3, 5, "blank"),
        ("paragraph", 5, 7, "unclaimed"),
        ("blank", 7, 8, "blank"),
    ]


def test_lines_of_one_width_are_joined_and_short_ones_are_not() -> None:
    wrapped = (
        "The old ferry left the quay before noon with forty people and a\n"
        "crate of herons on board, and nobody on the shore waved to them.\n"
        "It came back at dusk.\n\n"
        "The new ferry stayed in the yard because its batteries were too\n"
        "cold, and the crew went home to wait for a warmer day than this.\n"
    )
    assert len(read_page(wrapped).lines) == 2
    listed = "Boats\nHerons\nNets\n\nRopes and a very long line about ropes\nBells\n"
    assert len(read_page(listed).lines) == 5
