"""Only what is there is offered."""

from wyoming.info import Info

from edgewise.talk.wyoming_offer import Offer, info_of


def test_a_device_without_anything_offers_nothing():
    info = info_of(Offer())
    assert (info.asr, info.tts, info.wake, info.handle) == ([], [], [], [])


def test_what_is_there_survives_the_protocol():
    offer = Offer(hears=True, voices=("zf_xiaobei",), wakes=("hey_jarvis",), handles=True)
    info = Info.from_event(info_of(offer).event())
    assert info.asr[0].supports_transcript_streaming
    assert info.tts[0].supports_synthesize_streaming
    assert info.tts[0].voices[0].languages == ["zh"]
    assert info.wake[0].models[0].phrase == "hey jarvis"
    assert info.handle[0].models[0].languages == ["en", "zh"]
