"""Columns of a sheet by letters and by number. Its one rule: A is 1 and AA is 27."""


def column_number(letters: str) -> int:
    """A column's number from its letters."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    """A column's letters from its number."""
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
