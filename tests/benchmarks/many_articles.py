"""A large library made from a small one, the same for the same seed: the texts again and again, the titles changed."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace

from kb.article.article import Article

TAKEN_FROM_OTHERS = 2  # words of a changed title


def many_articles(articles: Sequence[Article], count: int, seed: int) -> Iterator[Article]:
    """The articles, then copies of them under other addresses and titles, until there are so many."""
    chance = random.Random(seed)
    words = sorted({word for article in articles for word in article.title.split() if word.isalnum()})
    for number in range(count):
        article = articles[number % len(articles)]
        yield article if number < len(articles) else _copy(article, number, chance, words)


def _copy(article: Article, number: int, chance: random.Random, words: Sequence[str]) -> Article:
    title = article.title.split()
    for word in chance.choices(words, k=TAKEN_FROM_OTHERS):
        title[chance.randrange(len(title))] = word
    chance.shuffle(title)
    address = f"{article.address}-{number}"
    edition = replace(article.current, path=f"{address}.md", address=address, title=" ".join(title))
    return replace(article, address=address, slug=f"{article.slug}-{number}", editions=(edition,))
