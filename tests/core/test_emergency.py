from edgewise.core.emergency import EMERGENCY_NUMBERS, REGIONS, Service, number_for
from edgewise.core.words import Language


def test_every_region_names_every_service():
    for region, numbers in REGIONS.items():
        assert set(numbers) == set(Service), region
        assert set(numbers.values()) <= EMERGENCY_NUMBERS


def test_without_a_region_chinese_words_mean_china_and_others_what_works_everywhere():
    assert number_for(Service.AMBULANCE, "", Language.CHINESE) == "120"
    assert number_for(Service.AMBULANCE, "", Language.ENGLISH) == "112"
