"""Loss rules of every anchor, each with other choices of the rest."""

from tests.unit.actors.domain.histories import rule

FIXED = "{ money = 4000.5 }"
PERCENT = "{ percent = 7.77 }"
OF_ANCHOR = '{ percent = 5.1, of = "anchor" }'
EVERY_LOSS_RULE = (
    *(
        rule(f"daily-{anchor}-{number}", "daily_loss", anchor=f'"{anchor}"', **terms)
        for anchor in ("equity", "balance", "max_balance_equity", "initial", "high", "eod_high")
        for number, terms in enumerate(
            (
                {"allowance": PERCENT, "checked": '"worst"', "severity": '"soft"'},
                {"allowance": OF_ANCHOR, "credit": '"included"', "operator": '"<"'},
                {"allowance": FIXED, "checked": '"balance"', "cash_flow": '"keep"'},
            )
        )
    ),
    *(
        rule(f"overall-{anchor}", "overall_loss", anchor=f'"{anchor}"', **terms)
        for anchor, terms in (
            ("initial", {"allowance": FIXED, "cash_flow": '"keep"', "checked": '"worst"'}),
            ("equity_high", {"allowance": PERCENT, "cash_flow": '"shift"',
                             "lock": "{ plus = 12.5 }", "credit": '"included"'}),
            ("balance_high", {"allowance": OF_ANCHOR, "cash_flow": '"shift"'}),
            ("eod_high", {"allowance": PERCENT, "cash_flow": '"shift"', "lock": "{ plus = 0 }",
                          "checked": '"worst"', "credit": '"included"'}),
        )
    ),
)  # fmt: skip
