import type { Translation } from "@/shared/i18n";

import type en from "./words.en";

const fa: Translation<typeof en> = {
  title: "آن‌گونه که ترمینال چاپ می‌کند",
  hint: "خلاصهٔ متاتریدر ۵ برای مقایسه. آنجا هر معامله یک دیل بستن است، پس اعدادش با اعداد ما که پوزیشن می‌شمارند فرق دارد.",
  box: "گزارش Trade History متاتریدر ۵",
  total_net_profit: "سود خالص کل",
  gross_profit: "سود ناخالص",
  gross_loss: "زیان ناخالص",
  profit_factor: "ضریب سود",
  expected_payoff: "بازده مورد انتظار",
  recovery_factor: "ضریب بازیابی",
  sharpe_ratio: "نسبت شارپ",
  balance_drawdown_absolute: "افت مطلق بالانس",
  balance_drawdown_maximal: "بیشترین افت بالانس",
  balance_drawdown_relative_pct: "افت نسبی بالانس",
  total_trades: "کل معامله‌ها",
  short_trades: "معامله‌های فروش (٪ برد)",
  long_trades: "معامله‌های خرید (٪ برد)",
  profit_trades: "معامله‌های سودده (٪ از کل)",
  loss_trades: "معامله‌های زیان‌ده (٪ از کل)",
  largest_profit_trade: "بزرگ‌ترین سود",
  largest_loss_trade: "بزرگ‌ترین زیان",
  average_profit_trade: "میانگین سود",
  average_loss_trade: "میانگین زیان",
  maximum_consecutive_wins: "بیشترین بردهای پیاپی (مبلغ)",
  maximum_consecutive_losses: "بیشترین باخت‌های پیاپی (مبلغ)",
  maximal_consecutive_profit: "بیشترین سود پیاپی (تعداد)",
  maximal_consecutive_loss: "بیشترین زیان پیاپی (تعداد)",
  average_consecutive_wins: "میانگین بردهای پیاپی",
  average_consecutive_losses: "میانگین باخت‌های پیاپی",
  with: "{value} ({detail})",
  empty: "هنوز معامله‌ای بسته نشده",
  empty_text: "خلاصهٔ ترمینال دست‌کم یک دیل بستن می‌خواهد.",
};

export default fa;
