"""How the held-out errors of one word look: a word and a luck in [0, 1) give another word."""

from __future__ import annotations

_KEYS = ("йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю")
_ENGLISH = str.maketrans("йцукенгшщзхъфывапролджэячсмитьбю", "qwertyuiop[]asdfghjkl;'zxcvbnm,.")
_DIGITS = str.maketrans("ОоЗзбЧч", "0033644")
_LATIN = dict(zip("абвгдеёжзийклмнопрстуфхцчшщъыьэюяөү",
                  ("a", "b", "v", "g", "d", "e", "e", "j", "z", "i", "i", "k", "l", "m", "n", "o", "p", "r", "s", "t", "u", "f", "kh", "ts", "ch",
                   "sh", "shch", "", "y", "", "e", "yu", "ya", "u", "u"), strict=True))
_VOWELS = "аеёиоуыэюяүө"
_FATHERS = ("Али", "Рустам", "Бахтияр", "Азамат", "Тимур", "Нурлан", "Эркин", "Сухроб", "Гурген", "Ашот")


def place(word: str, luck: float, first: int = 0) -> int:
    """A position in the word from `first` on."""
    return first + int(luck * 7919) % max(1, len(word) - first)


def neighbour_key(word: str, luck: float) -> str:
    at = place(word, luck)
    small = word[at].lower()
    row = next((keys for keys in _KEYS if small in keys), None)
    if row is None:
        return word
    beside = row.index(small) + (1 if luck < 0.5 else -1)
    hit = row[beside] if 0 <= beside < len(row) else row[row.index(small) - (1 if luck < 0.5 else -1)]
    return word[:at] + (hit.upper() if word[at].isupper() else hit) + word[at + 1:]


def first_letter_lost(word: str, luck: float) -> str:
    return word[1:].capitalize() if luck < 0.7 else word[1:]


def syllables_transposed(word: str, luck: float) -> str:
    at = place(word, luck, 1) if len(word) > 5 else 1
    at = min(at, len(word) - 4)
    return word[:at] + word[at + 2:at + 4] + word[at:at + 2] + word[at + 4:]


def word_doubled(word: str, luck: float) -> str:
    return f"{word} {word}" if luck < 0.7 else word + word.lower()


def short_i(word: str, _: float) -> str:
    return word.replace("й", "и").replace("ъ", "ь") if "й" in word or "ъ" in word else word.replace("ь", "")


def digit_look_alike(word: str, _: float) -> str:
    return word.translate(_DIGITS)


def wrong_layout(word: str, _: float) -> str:
    return word.lower().translate(_ENGLISH).capitalize()


def other_transliteration(word: str, luck: float) -> str:
    """Another office's rule for a foreign name."""
    if luck < 0.35:
        return word.replace("э", "е").replace("Э", "Е").replace("ж", "дж")
    if luck < 0.7:
        return word.replace("х", "кх").replace("ц", "тс").replace("ы", "и")
    return "".join(letter for at, letter in enumerate(word) if not (at and letter in _VOWELS and letter == word[at - 1].lower())).replace("-", "")


def latin_name(word: str, _: float) -> str:
    return "".join(_LATIN.get(letter, letter) for letter in word.lower()).title()


def buryat_letters(word: str, luck: float) -> str:
    """The first у, о or х (one kind, by luck) as ү, ө, һ; the word itself when it has none."""
    pairs = (("у", "ү"), ("о", "ө"), ("х", "һ"))
    for plain, own in pairs[int(luck * 3):] + pairs[:int(luck * 3)]:
        if plain in word:
            return word.replace(plain, own, 1)
    return word


def lost_letters(word: str) -> str:
    """Question marks where cp1251 has no letter."""
    return "".join("?" if letter in "үөһҮӨҺ" else letter for letter in word)


def plain_letters(word: str) -> str:
    """The letters people type instead of the Buryat ones."""
    return word.translate(str.maketrans("үөһҮӨҺ", "уохУОХ"))


def ogly_kyzy(person: int, sex: str, luck: float) -> str:
    """A patronymic by another custom, the father always the same, the writing by luck."""
    father, word = _FATHERS[person * 7 % len(_FATHERS)], "оглы" if sex == "M" else "кызы"
    kinship = word if luck < 0.6 or sex == "F" else "углы"
    joined = father + (" " if luck < 0.35 else "-" if luck < 0.7 else "") + kinship
    return joined if luck < 0.85 else father + ("ович" if sex == "M" else "овна")
