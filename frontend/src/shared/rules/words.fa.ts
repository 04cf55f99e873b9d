import type { Translation } from "../i18n";
import type en from "./words.en";

const fa: Translation<typeof en> = {
  daily_loss: "افت روزانه",
  overall_loss: "افت کل",
  profit_target: "هدف سود",
  minimum_trading_days: "روزهای معاملاتی",
  consistency: "ثبات سود",
  max_lots: "سقف حجم (لات)",
  max_positions: "سقف پوزیشن‌های باز",
  stop_loss_within: "حد ضرر به‌موقع",
  minimum_holding_time: "کف زمان نگهداری",
  weekend_flat: "بدون پوزیشن در آخر هفته",
  inactivity: "عدم فعالیت",
  lifetime: "مهلت حساب",
  not_proven: "اثبات‌نشده",
  lots: { other: "{count} لات" },
  positions: { other: "{count} پوزیشن" },
  days: { other: "{count} روز" },
};

export default fa;
