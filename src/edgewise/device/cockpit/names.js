// Says targets and values in a person's words: "Driver window 40 %" for a VSS path.

import { get } from "./store.js";
import { lang, t } from "./words.js";

const SIDE = {
  "Row1.DriverSide": ["driver", "主驾"], "Row1.PassengerSide": ["passenger", "副驾"],
  "Row2.DriverSide": ["rear left", "左后"], "Row2.PassengerSide": ["rear right", "右后"],
  "Row2.Middle": ["rear middle", "后排中间"],
  "Row1.Driver": ["driver", "主驾"], "Row1.Passenger": ["passenger", "副驾"],
  "Row2.Driver": ["rear left", "左后"], "Row2.Passenger": ["rear right", "右后"],
  DriverSide: ["driver", "主驾"], PassengerSide: ["passenger", "副驾"],
  Front: ["front", "前"], Rear: ["rear", "后"], Left: ["left", "左"], Right: ["right", "右"],
};

// Pattern of a path without `Vehicle.`; (side) is the part that SIDE translates; unit of the value.
const ROWS = [
  [/^Cabin\.Door\.(Row\d\.\w+)\.Window\.Position$/, "window, {side}", "{side}车窗", "%"],
  [/^Cabin\.Door\.(Row\d\.\w+)\.Window\.Switch$/, "window switch, {side}", "{side}车窗开关"],
  [/^Cabin\.Door\.(Row\d\.\w+)\.IsLocked$/, "door lock, {side}", "{side}门锁", "lock"],
  [/^Cabin\.Door\.(Row\d\.\w+)\.IsOpen$/, "door, {side}", "{side}车门", "open"],
  [/^Cabin\.HVAC\.Station\.(Row\d\.\w+)\.Temperature$/, "temperature, {side}", "{side}温度", "°C"],
  [/^Cabin\.HVAC\.Station\.(Row\d\.\w+)\.FanSpeed$/, "fan, {side}", "{side}风量", "%"],
  [/^Cabin\.HVAC\.Station\.(Row\d\.\w+)\.AirDistribution$/, "airflow, {side}", "{side}出风方向"],
  [/^Cabin\.HVAC\.IsAirConditioningActive$/, "air conditioning", "空调"],
  [/^Cabin\.HVAC\.IsRecirculationActive$/, "recirculation", "内循环"],
  [/^Cabin\.HVAC\.Is(Front|Rear)DefrosterActive$/, "{side} defroster", "{side}除霜"],
  [/^Cabin\.HVAC\.AmbientAirTemperature$/, "cabin temperature", "车内温度", "°C"],
  [/^Cabin\.Seat\.(Row\d\.\w+)\.HeatingCooling$/, "seat heat or vent, {side}", "{side}座椅加热/通风", "%"],
  [/^Cabin\.Seat\.(Row\d\.\w+)\.Massage\.Level$/, "massage, {side}", "{side}按摩", "%"],
  [/^Cabin\.Seat\.(Row\d\.\w+)\.Position$/, "seat position, {side}", "{side}座椅位置", "mm"],
  [/^Cabin\.Seat\.(Row\d\.\w+)\.Backrest\.Recline$/, "backrest, {side}", "{side}靠背", "°"],
  [/^Cabin\.Seat\.(Row\d\.\w+)\.OccupancyStatus$/, "seat, {side}", "{side}座位"],
  [/^Cabin\.Light\.AmbientLight\.(Row\d\.\w+)\.IsLightOn$/, "ambient light, {side}", "{side}氛围灯"],
  [/^Cabin\.Light\.Spotlight\.(Row\d\.\w+)\.IsLightOn$/, "reading light, {side}", "{side}阅读灯"],
  [/^Cabin\.Light\.\w+\.(Row\d\.\w+)\.Intensity$/, "light brightness, {side}", "{side}灯光亮度", "%"],
  [/^Cabin\.Light\.\w+\.(Row\d\.\w+)\.Color$/, "light colour, {side}", "{side}灯光颜色"],
  [/^Cabin\.Light\.IsDomeOn$/, "dome light", "顶灯"],
  [/^Cabin\.Sunroof\.Position$/, "sunroof", "天窗", "%"],
  [/^Cabin\.Sunroof\.Switch$/, "sunroof switch", "天窗开关"],
  [/^Cabin\.Sunroof\.Shade\.Position$/, "roof shade", "天窗遮阳帘", "%"],
  [/^Cabin\.RearShade\.Position$/, "rear shade", "后遮阳帘", "%"],
  [/^Cabin\.IsWindowChildLockEngaged$/, "window child lock", "车窗儿童锁"],
  [/^Body\.Trunk\.(Front|Rear)\.IsOpen$/, "{side} trunk", "{side}备箱", "open"],
  [/^Body\.Trunk\.(Front|Rear)\.IsLocked$/, "{side} trunk lock", "{side}备箱锁", "lock"],
  [/^Body\.Trunk\.(Front|Rear)\.Position$/, "{side} trunk lid", "{side}备箱盖", "%"],
  [/^Body\.Lights\.Beam\.Low\.IsOn$/, "low beam", "近光灯"],
  [/^Body\.Lights\.Beam\.High\.IsOn$/, "high beam", "远光灯"],
  [/^Body\.Lights\.Fog\.(Front|Rear)\.IsOn$/, "{side} fog light", "{side}雾灯"],
  [/^Body\.Lights\.Parking\.IsOn$/, "position lights", "示廓灯"],
  [/^Body\.Lights\.Running\.IsOn$/, "daytime lights", "日行灯"],
  [/^Body\.Lights\.LightSwitch$/, "light switch", "灯光开关"],
  [/^Body\.Lights\.Hazard\.IsSignaling$/, "hazard lights", "双闪"],
  [/^Body\.Lights\.DirectionIndicator\.(Left|Right)\.IsSignaling$/, "{side} indicator", "{side}转向灯"],
  [/^Body\.Mirrors\.(\w+)\.IsFolded$/, "mirror folded, {side}", "{side}后视镜折叠"],
  [/^Body\.Mirrors\.(\w+)\.IsHeatingOn$/, "mirror heating, {side}", "{side}后视镜加热"],
  [/^Body\.Windshield\.(Front|Rear)\.Wiping\.Mode$/, "{side} wiper", "{side}雨刮"],
  [/^Body\.Raindetection\.Intensity$/, "rain", "雨量", "%"],
  [/^Chassis\.SteeringWheel\.HeatingCooling$/, "steering wheel heating", "方向盘加热", "%"],
  [/^Speed$/, "speed", "车速", "km/h"],
  [/^Powertrain\.Transmission\.SelectedGear$/, "gear", "挡位", "gear"],
  [/^Powertrain\.Transmission\.PerformanceMode$/, "drive mode", "驾驶模式"],
  [/^Cabin\.Infotainment\.Media\.Volume$/, "volume", "音量", "%"],
  [/^Cabin\.Infotainment\.Media\.(?:SelectedURI|Played\.URI)$/, "song", "歌曲", "media"],
  [/^Cabin\.Infotainment\.Media\.Played\.Artist$/, "artist", "演唱者"],
  [/^Cabin\.Infotainment\.Media\.Played\.Album$/, "album", "专辑"],
  [/^Cabin\.Infotainment\.Media\.Action$/, "player", "播放器"],
  [/^Cabin\.Infotainment\.Media\.Played\.Track$/, "track", "曲目"],
  [/^ADAS\.(\w+)\.IsEnabled$/, "assistant {side}", "辅助功能 {side}"],
];

export const GEAR = { 126: "P", "-1": "R", 0: "N", 127: "D", 1: "D" };

const STORES = {
  "phone.call": ["call", "通话"], "phone.calls": ["call log", "通话记录"], "phone.messages": ["message", "消息"],
  "phone.emails": ["e-mail", "邮件"], "phone.contacts": ["contact", "联系人"], "phone.alarms": ["alarm or timer", "闹钟或计时"],
  "phone.lists": ["list item", "清单项"], "phone.calendar": ["calendar event", "日程"], "phone.settings": ["setting", "设置"],
  "phone.files": ["file", "文件"], "phone.apps": ["app", "应用"], "phone.screen": ["screen", "屏幕"], "nav.route": ["route", "路线"], "gui.screen": ["phone screen", "手机屏幕"],
  "nav.view": ["map view", "地图视图"], "nav.places": ["place", "地点"], "memory.facts": ["memory", "记忆"],
};

export function nameOf(target) {
  const store = STORES[target.split(".", 2).join(".")];
  if (store) return named(store, target);
  const path = target.replace(/^Vehicle\./, "");
  const zh = lang() === "zh";
  for (const [pattern, en, chinese] of ROWS) {
    const found = pattern.exec(path);
    if (!found) continue;
    const side = SIDE[found[1]]?.[zh ? 1 : 0] ?? found[1] ?? "";
    const text = (zh ? chinese : en).replace("{side}", side);
    return zh ? text : text[0].toUpperCase() + text.slice(1);
  }
  return path.replaceAll(".", " ");
}

export function say(target, value) {
  if (value === null || value === undefined) return t(target.startsWith("Vehicle.") ? "unknown" : "removed");
  const unit = ROWS.find(([pattern]) => pattern.test(target.replace(/^Vehicle\./, "")))?.[3];
  if (unit === "gear") return GEAR[value] ?? String(value);
  if (unit === "media") return songOf(value)?.title ?? (value || t("none"));
  if (unit === "lock") return t(value ? "locked" : "unlocked");
  if (unit === "open") return t(value ? "open" : "closed");
  if (typeof value === "boolean") return t(value ? "on" : "off");
  if (typeof value === "number") {
    const shown = Number.isInteger(value) ? value : Math.round(value * 10) / 10;
    return unit ? `${shown}${unit === "°C" || unit === "°" ? "" : " "}${unit}` : String(shown);
  }
  if (typeof value === "object") return brief(value);
  return String(value);
}

// The row of the phone's library that has this address.
export const songOf = (uri) => Object.values(get("phone.library", {})).find((row) => row.uri === uri);

function named([en, chinese], target) {
  const zh = lang() === "zh";
  const key = target.startsWith("phone.settings.") ? ` ${target.split(".")[2].replaceAll("_", " ")}` : "";
  return zh ? chinese + key : en[0].toUpperCase() + en.slice(1) + key;
}

// A row of a store in one line: the words a person would recognise it by.
export function brief(row) {
  if (Array.isArray(row)) return row.map(brief).join(", ");
  if (row === null || typeof row !== "object") return String(row);
  const parts = ["title", "name", "to", "recipient", "subject", "label", "text", "body", "item", "number", "start", "time", "duration_s"]
    .map((key) => row[key]).filter((part) => part !== undefined && part !== null && part !== "");
  return parts.length ? parts.map(brief).join(" · ") : JSON.stringify(row);
}
