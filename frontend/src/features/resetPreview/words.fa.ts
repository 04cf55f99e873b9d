import type { Translation } from "@/shared/i18n";

import type en from "./words.en";

const fa: Translation<typeof en> = {
  title: "پس از شروع روز بعد",
  hint: "اگر تا {at} چیزی تغییر نکند",
  now: "کف کنونی",
  then: "کف بعدی",
  headroom: "جایگاه شما",
  above: "{amount} بالاتر از آن",
  below: "{amount}: روی آن یا پایین‌تر",
  stops: "اگر همین حالا همهٔ حد ضررها بخورد",
  stops_left: "{amount} می‌ماند",
  unbounded: "زیان نامحدود: دست‌کم یک پوزیشن حد ضرر ندارد.",
  unknown: "قابل گفتن نیست: ارزش هر گام قیمت معلوم نیست.",
  estimated: "برآورد با نرخ‌های امروز",
  flat: "پوزیشن بازی نیست.",
  ended: "این مرحلهٔ حساب به پایان رسیده است و شروع روز بعدی ندارد.",
  none: "این پلن حد ضرری ندارد.",
};

export default fa;
