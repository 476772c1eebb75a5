"""Names are taken apart as a librarian would, and never lose a part."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperdeck.storage.text.names import Name, inverted_name, name_of, split_name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Ashish Vaswani", Name("Vaswani", "Ashish")),
        ("Jürgen Schmidhuber", Name("Schmidhuber", "Jürgen")),
        ("Gonçalo R. A. Faria", Name("Faria", "Gonçalo R. A.")),
        ("José María Alonso-Moral", Name("Alonso-Moral", "José María")),
        ("Søren Ågård", Name("Ågård", "Søren")),
    ],
)
def test_the_last_word_is_the_family(text: str, name: Name) -> None:
    assert split_name(text) == name


@pytest.mark.parametrize(
    ("text", "particle", "family"),
    [
        ("Aäron van den Oord", "van den", "Oord"),
        ("Nando de Freitas", "de", "Freitas"),
        ("Eric de la Clergerie", "de la", "Clergerie"),
        ("Guy Van den Broeck", "Van den", "Broeck"),
        ("Fernando De la Torre", "De la", "Torre"),
        ("Gerardus 't Hooft", "'t", "Hooft"),
        ("van Gogh", "van", "Gogh"),
        ("Erik van ’t Hoff", "van ’t", "Hoff"),
        ("Jean de La Fontaine", "de", "La Fontaine"),
        ("Thomas à Kempis", "à", "Kempis"),
        ("Karl-Theodor von und zu Guttenberg", "von und zu", "Guttenberg"),
        ("von und zu Guttenberg, Karl-Theodor", "von und zu", "Guttenberg"),
    ],
)
def test_a_lower_case_particle_belongs_to_the_family(text: str, particle: str, family: str) -> None:
    name = split_name(text)
    assert (name.particle, name.family) == (particle, family)


@pytest.mark.parametrize(
    ("text", "family"),
    [
        ("Santiago Ramón y Cajal", "Ramón y Cajal"),
        ("Blaise Agüera y Arcas", "Agüera y Arcas"),
        ("Oriol Mayné i Comas", "Mayné i Comas"),
        ("Alberto Costa Neto", "Costa Neto"),
        ("Ana Neto", "Neto"),
    ],
)
def test_families_of_two_words_stay_together(text: str, family: str) -> None:
    assert split_name(text).family == family


@pytest.mark.parametrize(
    ("text", "family"),
    [
        ("Ronan Le Bras", "Le Bras"),
        ("Benjamin Van Durme", "Van Durme"),
        ("R. Le Bras", "Le Bras"),
        ("Jean Del Negro", "Del Negro"),
        ("Loubna Ben Allal", "Ben Allal"),
        ("Ann Mc Roe", "Mc Roe"),
        ("Dan Bar Doe", "Bar Doe"),
        ("Ana Las Heras", "Las Heras"),
        ("Éilís Ní Dhuibhne", "Ní Dhuibhne"),
        ("Van Gogh", "Gogh"),
        ("Mohamed El Amine Seddik", "Seddik"),
        ("Kiet Van Nguyen", "Nguyen"),
    ],
)
def test_a_capital_particle_before_the_last_of_three_words_begins_the_family(text: str, family: str) -> None:
    assert split_name(text).family == family


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Jan van der Meer de Walcheren", ("Meer de Walcheren", "Jan", "van der", "")),
        ("Juan de la Cruz Pérez", ("Cruz Pérez", "Juan", "de la", "")),
        ("João dos Santos Silva", ("Silva", "João dos Santos", "", "")),
        ("Anna de Vries-van der Berg", ("Vries-van der Berg", "Anna", "de", "")),
        ("Sophie in ’t Veld", ("Veld", "Sophie", "in ’t", "")),
        ("Jan uit den Bogaard", ("Bogaard", "Jan", "uit den", "")),
        ("Mark St. John", ("St. John", "Mark", "", "")),
        ("Nguyen Van Duc", ("Nguyen", "Van Duc", "", "")),
        ("Wei Wang 0001", ("Wang", "Wei", "", "")),
        ("Prof. Dr. Anna Müller", ("Müller", "Anna", "", "")),
        ("John Smith MD PhD", ("Smith", "John", "", "")),
        ("John Smith 3rd", ("Smith", "John", "", "3rd")),
        ("BigScience Workshop", ("BigScience Workshop",)),
    ],
)
def test_names_of_many_countries(text: str, parts: tuple[str, ...]) -> None:
    """Dutch double names, Spanish, Portuguese and Vietnamese ones, titles and degrees."""
    assert split_name(text).parts == parts


@pytest.mark.parametrize(
    ("given", "parts"),
    [
        (("King Jr.", "Martin Luther"), ("King", "Martin Luther", "", "Jr.")),
        (("King", "Martin Luther Jr."), ("King", "Martin Luther", "", "Jr.")),
        (("King", "Jr.", "Martin Luther"), ("King", "Martin Luther", "", "Jr.")),
        (("Team", "Gemini"), ("Gemini Team",)),
        (("Ai", "Qingyao"), ("Ai", "Qingyao", "", "")),
    ],
)
def test_parts_in_the_wrong_place_are_put_right(given: tuple[str, ...], parts: tuple[str, ...]) -> None:
    assert inverted_name(*given).parts == parts


def test_a_vietnamese_name_that_begins_with_the_family_keeps_its_order() -> None:
    name = split_name("Nguyễn Văn Đức")
    assert (name.family, name.given, name.text) == ("Nguyễn", "Văn Đức", "Nguyễn Văn Đức")
    assert split_name("Đức Văn Nguyễn").family == "Nguyễn"


@pytest.mark.parametrize("degree", ["PhD", "Ph.D.", "M.D., Ph. D.", "MSc"])
def test_degrees_are_not_part_of_a_name(degree: str) -> None:
    assert split_name(f"Jane van Doe, {degree}") == Name("Doe", "Jane", "van")


@pytest.mark.parametrize("name", ["Jiang, Meng", "Li, Ma", "Smith, MD", "Do, Ba"])
def test_a_given_name_or_initials_are_not_a_degree(name: str) -> None:
    family, _, given = name.partition(", ")
    assert split_name(name) == Name(family, given)


@pytest.mark.parametrize(
    ("parts", "text", "family"),
    [
        (("García Márquez", "Gabriel", "", ""), "Gabriel García Márquez", "García Márquez"),
        (("Vallée Poussin", "Charles", "de la", ""), "Charles de la Vallée Poussin", "Vallée Poussin"),
        (("World Health Organization",), "World Health Organization", "World Health Organization"),
        (("Plato", "", "", ""), "Plato", "Plato"),
    ],
)
def test_parts_that_a_source_gave_are_believed(parts: tuple[str, ...], text: str, family: str) -> None:
    name = name_of(parts)
    assert (name.text, name.family) == (text, family)
    assert name_of(name.parts) == name


@pytest.mark.parametrize("suffix", ["Jr.", "Jr", "III", "VI", "VIII"])
def test_a_suffix_is_not_the_family(suffix: str) -> None:
    assert split_name(f"Martin Luther King {suffix}") == Name("King", "Martin Luther", suffix=suffix)
    assert split_name(f"Henry {suffix}") == Name(f"Henry {suffix}", whole=True)


@pytest.mark.parametrize(("family", "given"), [("王", "小明"), ("山田", "太郎"), ("김", "철수")])
def test_parts_in_chinese_japanese_or_korean_are_a_name_with_the_family_first(family: str, given: str) -> None:
    name = name_of((family, given))
    assert name == inverted_name(family, given) == split_name(f"{family}, {given}") == Name(family, given)
    assert name.text == f"{family}{given}"


@pytest.mark.parametrize(
    "text",
    [
        "Guanaco Team",
        "Team GLM",
        "o3 contributors",
        "The DeepSeek-AI Collaboration",
        "World Health Organization",
        "Centre for Robotics X",
        "Event Horizon Telescope",
        "National Academy of Sciences",
        "NASA AMES and JPL Team",
        "LG AI Research",
        "Mind Lab",
        "DeepSeek-AI",
        "OpenAI",
        "Madonna",
        "李 伟",
        "and Lei Bai",
        "on [0,1) intervals",
        "A_b $x$",
        "Institute of Physics, Kyiv",
        "",
    ],
)
def test_groups_and_single_names_stay_whole(text: str) -> None:
    assert split_name(text) == Name(text, whole=True)


@pytest.mark.parametrize("text", ["Haizhou Ai", "Ai Nakamura", "Lin Meta", "Bo Labson"])
def test_a_person_is_not_taken_for_a_group(text: str) -> None:
    assert not split_name(text).whole


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Vaswani, Ashish", Name("Vaswani", "Ashish")),
        ("van den Oord, Aäron", Name("Oord", "Aäron", "van den")),
        ("King, Jr., Martin Luther", Name("King", "Martin Luther", suffix="Jr.")),
        ("Sammy Davis, Jr.", Name("Davis", "Sammy", suffix="Jr.")),
        ("García Márquez, Gabriel", Name("García Márquez", "Gabriel")),
        ("Le Priol, Rémi", Name("Le Priol", "Rémi")),
    ],
)
def test_the_form_with_a_comma_says_what_the_family_is(text: str, name: Name) -> None:
    assert split_name(text) == name


WORDS = st.sampled_from(
    ["van", "den", "de", "la", "y", "Jr.", "III", "Neto", "Oord", "Ana", "M.", "Team", "Van", "wei", "’t"]
)


@given(st.lists(WORDS, max_size=6).map(" ".join))
def test_the_parts_give_the_name_again(text: str) -> None:
    assert split_name(text).text == text


@pytest.mark.parametrize(
    ("name", "given", "surname"),
    [
        ("María de los Ángeles López", "María de los Ángeles", "López"),
        ("María de la Luz Pérez Gómez", "María de la Luz", "Pérez Gómez"),
        ("María del Carmen López Ruiz", "María del Carmen", "López Ruiz"),
        ("Ana María de las Mercedes Ruiz", "Ana María de las Mercedes", "Ruiz"),
        ("María de los Ángeles de la Torre", "María de los Ángeles", "de la Torre"),
        ("María de la Torre García", "María", "de la Torre García"),
        ("María de la Luz", "María", "de la Luz"),
    ],
)
def test_the_names_of_mary_are_given_names(name: str, given: str, surname: str) -> None:
    split = split_name(name)
    assert (split.given, split.surname, split.text) == (given, surname, name)
