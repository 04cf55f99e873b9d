"""What a report's localized words mean: known words first, then what the figures prove.

A word not listed here is not refused: sides follow from price against profit, openings from the
position numbers, credit from a balance that does not move.
"""

from actors.domain.deals import DealEntry, DealType
from actors.domain.snapshot import Side
from actors.mt5.report_cells import plain
from actors.mt5.report_rows import MarginMode

_SIDES: dict[Side, str] = {
    Side.BUY: "buy|خرید|купить|покупка|kaufen|kauf|compra|comprar|achat|acheter|شراء|al|alış|alım"
    "|买入|買入|買い|買|매수|acquista|acquisto|kupno|kup|koupit|kopen|mua|beli|ซื้อ|खरीद|nákup",
    Side.SELL: "sell|فروش|продать|продажа|verkaufen|verkauf|venta|vender|venda|vente|vendre"
    "|بيع|sat"
    "|satış|卖出|賣出|売り|売|매도|vendi|vendita|sprzedaż|sprzedaj|prodat|verkopen|bán|jual"
    "|ขาย|prodej",
}
_ENTRIES: dict[DealEntry, str] = {
    DealEntry.IN: "in|ورود|вход|ein|eingang|entrada|entrée|entree|دخول|giriş|入|入场|進場"
    "|エントリー"
    "|イン|entrata|wejście|vstup|진입|masuk|vào",
    DealEntry.OUT: "out|خروج|выход|aus|ausgang|salida|saída|sortie|çıkış|出|出场|出場|アウト"
    "|決済|uscita"
    "|wyjście|výstup|청산|keluar|ra",
    DealEntry.INOUT: "in/out|in / out|ورود/خروج|вход/выход|разворот|ein/aus|entrada/salida"
    "|entrada/saída|entrée/sortie|دخول/خروج|giriş/çıkış|入/出|イン/アウト|entrata/uscita",
    DealEntry.OUT_BY: "out by|خروج با|закрытие встречной|aus durch|salida por|saída por|sortie par"
    "|خروج بواسطة|ile çıkış|对冲平仓|out_by|close by",
}
_OPERATIONS: dict[DealType, str] = {
    DealType.BALANCE: "balance|موجودی|تراز|баланс|saldo|kontostand|solde|الرصيد|رصيد|bakiye"
    "|余额|結餘"
    "|残高|잔고|bilancio|số dư",
    DealType.CREDIT: "credit|اعتبار|кредит|kredit|crédito|crédit|الائتمان|ائتمان|kredi|信用|信贷"
    "|クレジット|신용|credito|kredyt|úvěr",
    DealType.CHARGE: "charge|additional charge|هزینه|комиссионные|gebühr|cargo|frais|encargo"
    "|رسوم|ücret"
    "|费用|手数料",
    DealType.CORRECTION: "correction|اصلاح|коррекция|korrektur|corrección|correção|تصحيح|düzeltme"
    "|修正|更正|訂正|correzione|korekta",
    DealType.BONUS: "bonus|پاداش|بونوس|бонус|bono|bônus|بونص|مكافأة|奖金|獎金|ボーナス"
    "|보너스|premia",
    DealType.COMMISSION: "commission|additional commission|کمیسیون|комиссия|kommission|provision"
    "|comisión|comissão|عمولة|komisyon|佣金|手續費|コミッション|수수료|commissione|prowizja",
    DealType.COMMISSION_DAILY: "daily commission|commission daily|дневная комиссия|کمیسیون روزانه"
    "|tägliche kommission",
    DealType.COMMISSION_MONTHLY: "monthly commission|commission monthly|месячная комиссия"
    "|کمیسیون ماهانه|monatliche kommission",
    DealType.AGENT_DAILY: "daily agent commission|agent daily|agent commission|agent"
    "|agent commission daily",
    DealType.AGENT_MONTHLY: "monthly agent commission|agent monthly|agent commission monthly",
    DealType.INTEREST: "interest|interest rate|بهره|процент|проценты|zinsen|zins|interés|juros"
    "|intérêt|فائدة|faiz|利息|金利|이자|interesse|odsetki",
    DealType.BUY_CANCELED: "buy canceled|buy cancelled|canceled buy|cancelled buy",
    DealType.SELL_CANCELED: "sell canceled|sell cancelled|canceled sell|cancelled sell",
    DealType.DIVIDEND: "dividend|سود سهام|дивиденд|дивиденды|dividende|dividendo|توزيعات|temettü"
    "|股息|股利|配当|배당|dywidenda",
    DealType.DIVIDEND_FRANKED: "franked dividend|dividend franked|франкированный дивиденд",
    DealType.TAX: "tax|مالیات|налог|steuer|impuesto|imposto|impôt|ضريبة|vergi|税|稅|税金"
    "|세금|tassa"
    "|podatek",
}
_MODES: dict[MarginMode, str] = {
    MarginMode.HEDGING: "hedge|hedging|хедж|хеджинг|پوشش ریسک|هج|cobertura|couverture|对冲"
    "|ヘッジ|تحوط",
    MarginMode.NETTING: "netting|exchange|неттинг|نتینگ|compensación|compensação|compensation|净额"
    "|ネッティング|مقاصة|биржа|börse",
}


def fold(word: str) -> str:
    """Return a word as it is compared: plain, casefolded, Persian letters for Arabic ones."""
    return plain(word).casefold().replace("ي", "ی").replace("ك", "ک").replace("ى", "ی")


SIDES = {fold(word): side for side, words in _SIDES.items() for word in words.split("|")}
ENTRIES = {fold(word): entry for entry, words in _ENTRIES.items() for word in words.split("|")}
OPERATIONS = {fold(word): kind for kind, words in _OPERATIONS.items() for word in words.split("|")}
MODES = {fold(word): mode for mode, words in _MODES.items() for word in words.split("|")}
