"""Shots."""
from tests.journeys.pages import sign_in, told, sound, listen
from tests.read_sources import *
import json

def test_shots(town, open_browser, tour):
    tour_pages = tour.pages()
    out = {}
    for who in ("owner", "steward"):
        for language, width in (("en", 360), ("en", 1280), ("ar", 360), ("ar", 1280)):
            context = open_browser(width=width)
            ear = listen(context)
            page = context.new_page()
            sign_in(page, town, email=f"{who}@sample.example", language=language)
            for address in tour_pages[who]:
                if "source" not in address and "harvests" not in address:
                    continue
                if who == "steward" and "/desk/" in address: continue
                page.goto(f"{town.url}/{language}/{address.removeprefix('/en/')}")
                facts = told(page)
                bad = {k: v for k, v in facts.items() if v != sound(language)[k]}
                name = address.strip("/").replace("/", "_")[-60:].replace("?", "_")
                page.screenshot(path=f"/tmp/work/bshots/{who}_{language}_{width}_{name}.png", full_page=True)
                if bad: out[f"{who} {language} {width} {address}"] = bad
            out[f"ear {who} {language} {width}"] = ear.heard
    print(json.dumps(out, indent=1, ensure_ascii=False))
