import { afterEach, describe, expect, it } from "vitest";

import { choose, getPreferences, hasChosen } from "@/shared/i18n";

import { speakAsPage } from "./speakAsPage";

afterEach(() => localStorage.clear());

describe("the language of the page around us", () => {
  it("holds with its digits and calendar where the reader has chosen nothing, and is not kept", () => {
    localStorage.clear();
    speakAsPage({ language: "fa" });
    expect(getPreferences()).toMatchObject({ language: "fa", digits: "persian", calendar: "jalali" });
    expect(hasChosen()).toBe(false);
  });

  it("gives way to the reader's own choice", () => {
    choose({ language: "en" });
    speakAsPage({ language: "fa" });
    expect(getPreferences().language).toBe("en");
  });

  it("is the browser's where the page names none", () => {
    localStorage.clear();
    const before = getPreferences();
    speakAsPage({ language: null });
    expect(getPreferences()).toBe(before);
  });
});
