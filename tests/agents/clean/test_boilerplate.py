"""What is taken off a text, and the sentences like it that stay."""

import pytest

from agents.clean import boilerplate

from .conftest import STORY

OFF = {
    "contact": [
        "• Tom Howell Jr. can be reached at thowell@example.com.",
        "Jane Doe may be reached at jane.doe@example.org or 555-123-4567.",
        "Contact the reporter at news@example.com.",
        "Follow her on Twitter at @janedoe.",
        "Email: tips@example.com",
        "jane.doe@example.com",
        "@janedoe",
        "Do you have a tip about this story? Contact us at tips@example.com.",
        "To contact the reporter on this story: Jane Doe in London at jdoe@example.net",
    ],
    "comment_policy": [
        "Please read our comment policy before commenting.",
        "Comments are closed.",
        "Leave a comment",
        "Join the conversation",
        "Read our community guidelines here.",
        "You must be logged in to post a comment.",
    ],
    "consent": [
        "We and our partners use cookies to store information on your device and to show you ads.",
        "This site uses cookies. By continuing you agree to our use of cookies.",
        "Accept all cookies",
        "Cookie settings",
    ],
    "newsletter": [
        "Sign up for our morning newsletter and never miss a story.",
        "Subscribe to our newsletter",
        "Get the best of our reporting delivered to your inbox every day.",
        "Subscribe now",
        "Sign up here to receive our daily briefing.",
        "Already a subscriber? Log in",
    ],
    "share": [
        "Share this article",
        "Share on Facebook",
        "Follow us on Instagram",
        "Facebook Twitter WhatsApp Email",
        "Copy link",
        "Click to share on Twitter (Opens in new window)",
    ],
    "related": [
        "Read more: Ferry company fined for the second time",
        "READ ALSO: Harbour gets new radar",
        "Related stories",
        "You may also like",
        "Lesen Sie auch: Fähren stehen still",
        "Click here to read the full report.",
        "Lire aussi : Le port fermé",
    ],
    "photo": [
        "Photo: Anna Berg/Getty Images",
        "Image source, Getty Images",
        "The two ferries at the pier on Monday. (AP Photo/Anna Berg)",
        "Foto: Anna Berg",
        "FILE PHOTO: The pier at Halden in 2019. REUTERS/Anna Berg",
    ],
    "copyright": [
        "© 2024 The Halden Post. All rights reserved.",
        "Copyright 2024 The Associated Press. All rights reserved. This material may not be "
        "published, broadcast, rewritten or redistributed without permission.",
        "Our Standards: The Thomson Reuters Trust Principles.",
    ],
    "update": [
        "This story has been updated.",
        "This article was amended on 24 October 2024 to correct the ship's name.",
        "This is a breaking news story. Check back for updates.",
        "Correction: An earlier version of this article misstated the ship's age.",
    ],
    "advertisement": [
        "Advertisement",
        "ADVERTISEMENT",
        "Anzeige",
        "Story continues below advertisement",
        "Sponsored content",
    ],
    "credits": [
        "Reporting by Anna Berg; Editing by Bo Chu",
        "Associated Press writers Anna Berg in Oslo and Bo Chu in Rome contributed to this report.",
        "Additional reporting by Cy Dow",
        "Berg reported from Oslo and Chu from Rome.",
        "With files from Reuters",
    ],
    "separator": ["___", "* * *"],
    "form": ["An error has occurred, please try again later.", "Sorry!"],
    "link": ["https://example.com/story"],
    "live_blog": ["3 minutes ago", "Load more", "Key events", "Live updates"],
}

STAYS = [
    "The council will send a newsletter to all households about the collision.",
    "The newspaper sent its subscribers a newsletter with the full list of names.",
    "“Click here to win a prize,” the message on the victims' phones read.",
    "“Subscribe now,” the banner said.",
    "He asked readers to sign the petition against the closure of the harbour.",
    "Police asked witnesses to share any video of the crash with investigators.",
    "The company shares fell 4 percent on Monday.",
    "Advertisement spending rose by a tenth last year, the agency said.",
    "The bank updated its forecast on Monday and said that growth would be slower.",
    "Photos taken by passengers show the two ships side by side.",
    "The suspect followed her on Instagram for months before the attack.",
    "Cookies and cakes were sold at the school fair to pay for the repairs.",
    "The ministry said in an email that it would not comment.",
    "The photographs were published on Twitter by an account that has since been deleted.",
    "Comments are invited from residents until the end of May, the council said in a statement.",
    "The villages can be reached only by boat in winter.",
    "Read more slowly, the teacher told the class, and you will understand more.",
    "Live music will be played at the reopening.",
    "Copyright law was at the heart of the case, which the judges heard for three weeks in May.",
    "Follow the money, the prosecutor told the jury.",
    "Related charges against his brother were dropped in March.",
    "Breaking news of the collision reached the capital at noon.",
    "By noon the harbour was closed.",
    "This story has a long history in the town.",
    "Reporting by the navy showed that the radar had failed twice.",
    "The two companies contributed to the cost of the new pier.",
    "More than two hundred people signed the petition.",
    "Sorry is not enough, the families said.",
    "He reported from the harbour that all was well.",
]


@pytest.mark.parametrize(
    ("kind", "line"), [(kind, line) for kind, found in OFF.items() for line in found]
)
def test_lines_that_go(kind: str, line: str) -> None:
    story = boilerplate.strip([*STORY, line])
    assert story.paragraphs == list(STORY)
    assert story.removed == [(kind, len(line))]


@pytest.mark.parametrize("line", STAYS)
@pytest.mark.parametrize("place", [0, 3, 5])
def test_sentences_of_the_story_stay(line: str, place: int) -> None:
    paragraphs = [*STORY[:place], line, *STORY[place:]]
    assert boilerplate.strip(paragraphs).paragraphs == paragraphs


def test_a_note_of_an_update_is_kept_apart() -> None:
    story = boilerplate.strip([*STORY, "This story has been updated."])
    assert story.updates == ["This story has been updated."]


def test_a_paragraph_told_twice_is_kept_once() -> None:
    story = boilerplate.strip([*STORY, STORY[2]])
    assert story.paragraphs == list(STORY)
    assert story.removed == [("repeated", len(STORY[2]))]


def test_short_answers_may_repeat() -> None:
    interview = ["Will it last?", "Yes.", STORY[0], "Will it help?", "Yes.", STORY[1]]
    assert boilerplate.strip(interview).paragraphs == interview


def test_the_title_is_not_told_again() -> None:
    story = boilerplate.strip(["Two ferries collide", *STORY], ["Two Ferries Collide"])
    assert story.paragraphs == list(STORY)
    assert story.removed == [("title", 19)]


def test_bylines_go_only_at_the_head() -> None:
    line = "By Anna Berg, Staff Writer"
    assert boilerplate.strip([line, *STORY]).paragraphs == list(STORY)
    middle = [*STORY, line, *STORY[::-1]]
    assert line in boilerplate.strip(middle).paragraphs


def test_tail_rules_leave_the_middle_alone() -> None:
    line = "Comments are closed."
    long = [f"{paragraph} It was part {number}." for number in range(4) for paragraph in STORY]
    assert line in boilerplate.strip([long[0], line, *long[1:]]).paragraphs
    assert line not in boilerplate.strip([*long, line]).paragraphs


def test_notes_on_the_author_go_from_the_end_only() -> None:
    note = "Anna Berg is a reporter who has covered shipping for ten years."
    assert boilerplate.strip([*STORY, note], (), ["Anna Berg"]).paragraphs == list(STORY)
    assert note in boilerplate.strip([note, *STORY], (), ["Anna Berg"]).paragraphs
    assert note in boilerplate.strip([*STORY, note], (), ["Bo Chu"]).paragraphs
