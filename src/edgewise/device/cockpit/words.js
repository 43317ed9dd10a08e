// Every word of the page in both languages, and the switch between them.

const WORDS = {
  skip: ["Skip to the conversation", "跳到对话"],
  language: ["Language", "语言"],
  appearance: ["Appearance", "外观"],
  theme_system: ["Auto", "自动"], theme_light: ["Light", "浅色"], theme_dark: ["Dark", "深色"],
  car: ["Car", "车辆"], phone: ["Phone", "手机"], conversation: ["Conversation", "对话"],
  speed: ["Speed", "车速"], gear: ["Gear", "挡位"],
  gear_P: ["park", "驻车"], gear_R: ["reverse", "倒车"], gear_N: ["neutral", "空挡"], gear_D: ["drive", "前进"],
  parked: ["Parked", "驻车"], idling: ["Idling", "怠速"], moving: ["Moving", "行驶中"],
  around: ["Around and inside", "车外与车内"],
  rain: ["Rain", "下雨"], dark: ["Night", "夜间"], offline: ["No network", "无网络"],
  passenger_in: ["Passenger", "副驾有人"], child_in: ["Child, rear left", "左后有儿童"],
  power_off: ["Power off", "车辆下电"],
  faults: ["Faults to try", "故障演练"],
  faults_hint: ["The agent must notice: it reads every change back.", "智能体应当发现：每次动作都要回读确认。"],
  heal: ["Repair all", "全部修复"],
  fault_on: ["fault is in", "故障已注入"],
  suggestions: ["Suggestions", "示例"],
  speaking: ["Who speaks", "谁在说话"],
  driver: ["Driver", "主驾"], passenger: ["Passenger", "副驾"],
  row2_left: ["Rear left", "左后"], row2_right: ["Rear right", "右后"], row3: ["Third row", "第三排"],
  front: ["Front seats", "前排"], rear: ["Rear seats", "后排"], all: ["All", "全部"],
  say: ["Say or type", "输入要说的话"], say_hint: ["Tell the car or the phone what to do", "对车或手机说点什么"],
  send: ["Send", "发送"], stop: ["Stop", "停止"], retry: ["Try again", "重试"],
  empty_talk: ["Nothing was said yet. Pick a sentence below, then drive off and say it again.",
    "还没有对话。先点下面的一句话，再把车开起来重说一遍。"],
  link_on: ["Connected", "已连接"], link_off: ["Connection lost", "连接已断开"], link_wait: ["Connecting", "连接中"],
  trouble_link: ["The device does not answer. What is shown may be out of date.", "设备没有响应，画面可能已过时。"],
  trouble_key: ["This page has no key. Run “edgewise cockpit” for an address that has one.",
    "本页没有钥匙。请运行 edgewise cockpit 获取带钥匙的网址。"],
  trouble_code: ["This launch address was used before. Run “edgewise cockpit” for a fresh one.",
    "这个启动网址已经用过。请运行 edgewise cockpit 获取新网址。"],
  meant_sure: ["Understood as: {what}, {n} sure.", "理解为：{what}，把握 {n}。"], meant_as: ["Taken as: {what}.", "当作：{what}。"],
  meant_unknown: ["Not understood.", "没有听懂。"],
  meant_doubt: ["Not what you meant?", "不是这个意思？"], meant_was: ["You meant: {what}.", "您的本意：{what}。"],
  meant_title: ["What did you mean?", "您的意思是？"],
  meant_hint: ["Pick what you meant. It is kept to learn from; nothing is done by it.", "请选择您的本意。只用于改进，不会执行任何操作。"],
  meant_other: ["None of these", "都不是"], meant_nothing: ["Nothing should have happened", "不该有任何操作"],
  meant_search: ["Search another function", "查找其他功能"], meant_found: ["Functions found", "找到的功能"], meant_none: ["No function has these words.", "没有匹配的功能。"],
  meant_kept: ["Kept, and nothing was done by it. To have it done, say it again.", "已记录，没有因此执行任何操作。如需执行，请再说一遍。"],
  perceive: ["Perceive", "感知"], route: ["Route", "路由"], think: ["Think", "思考"],
  act: ["Act", "执行"], answer: ["Answer", "回答"],
  why: ["Why?", "为什么？"], hide: ["Hide", "收起"], copy: ["Copy as JSON", "复制 JSON"], copied: ["Copied", "已复制"],
  device: ["on the device", "在设备上"], cloud: ["in the cloud", "在云端"],
  kind_command: ["command", "指令"], kind_question: ["question", "提问"], kind_chat: ["chat", "闲聊"], kind_unknown: ["not understood", "未听懂"],
  how_sure: ["{kind}, {n} % sure", "{kind}，把握 {n} %"], considered: ["Also considered", "也考虑过"],
  decision_allow: ["allowed", "允许"], decision_ask: ["asks first", "需确认"], decision_deny: ["denied", "拒绝"],
  status_done: ["done", "完成"], status_denied: ["denied", "已拒绝"], status_asked: ["waits for a yes", "等待确认"],
  status_failed: ["failed", "失败"], status_expired: ["too late", "已过期"], status_missing: ["needs more", "缺少信息"],
  status_impossible: ["not possible", "做不到"],
  because: ["because of rule", "依据规则"], facts: ["What the policy was told", "策略看到的事实"],
  readings: ["Readings that mattered", "相关读数"], read_back: ["Read back", "回读"],
  before_after: ["{before} to {after}", "{before} 变为 {after}"],
  approve: ["Yes, do it", "是，执行"], refuse: ["No", "不要"],
  approval_title: ["Needs your yes", "需要您确认"], seconds_left: ["{n} s left", "剩 {n} 秒"],
  approval_over: ["Time is over; nothing was done.", "已超时，什么都没有做。"],
  approval_lapsed: ["No longer open: something else was said or decided.", "已失效：之后又说了别的，或已有答复。"],
  approved: ["You said yes.", "您已同意。"], refused: ["You said no.", "您已拒绝。"],
  would_do: ["This would be done", "将执行"], exactly: ["Exact call", "调用详情"], payload: ["Payload", "内容摘要"],
  resumes: ["answers the question above", "对上面确认的答复"],
  from_program: ["from a program", "来自程序"], from_mcp: ["from an MCP client", "来自 MCP 客户端"],
  own_car: ["on a simulated car of its own, not this one", "使用单独的模拟车辆，并非本车"],
  text_of_page: ["typed here", "本页输入"], typed_call: ["typed call", "类型化调用"],
  not_kept: ["the trail keeps no words", "记录中不保存原话"], unkept: ["not kept", "未保存"],
  ended_done: ["Done.", "已完成。"], ended_answered: ["Answered.", "已回答。"], ended_denied: ["Denied.", "已拒绝。"], ended_failed: ["Not done.", "未完成。"], ended_asked: ["Asked for a yes.", "曾请求确认。"],
  broken_off: ["Broken off: the device was ended before this was finished.", "已中断：设备在完成之前退出了。"],
  running: ["working", "处理中"], stopped: ["Stopped", "已停止"], turn: ["Turn", "回合"],
  by_channel: ["{zone}, {channel}", "{zone}，{channel}"],
  ch_typed: ["typed", "键入"], ch_voice: ["spoken", "语音"], ch_touch: ["touched", "触摸"], ch_api: ["by a program", "程序"], ch_mcp: ["by MCP", "MCP"], ch_cloud: ["from the cloud", "云端"],
  unknown_seat: ["unknown seat", "座位未知"],
  manner_aloud: ["said aloud", "语音播报"], manner_quiet: ["shown, not spoken", "只显示不播报"], manner_later: ["said later", "稍后播报"],
  untrusted: ["untrusted source", "不可信来源"],
  battery: ["Battery", "电量"], range: ["Range", "续航"], outside: ["Outside", "车外"], cabin: ["Cabin", "车内"],
  power: ["Power", "电源"], power_ON: ["on", "开"], power_OFF: ["off", "关"], power_LOCK: ["locked", "锁止"], power_ACC: ["accessory", "附件"],
  power_START: ["starting", "启动"], power_UNDEFINED: ["unknown", "未知"],
  mode_NORMAL: ["normal", "标准"], mode_SPORT: ["sport", "运动"], mode_ECONOMY: ["economy", "经济"], mode_SNOW: ["snow", "雪地"], mode_RAIN: ["rain", "雨天"],
  mode: ["Mode", "模式"], ac: ["A/C", "空调"], volume: ["Volume", "音量"],
  none: ["none", "无"],
  on: ["on", "开"], off: ["off", "关"], unknown: ["unknown", "未知"], removed: ["removed", "已删除"],
  locked: ["locked", "已锁"], unlocked: ["unlocked", "未锁"],
  yes: ["yes", "是"], no: ["no", "否"], open: ["open", "打开"], closed: ["closed", "关闭"],
  call_none: ["No call", "没有通话"], nothing: ["Nothing here", "暂无"],
  phone_call: ["Call", "通话"], messages: ["Messages", "消息"], alarms: ["Alarms and timers", "闹钟与计时"],
  lists: ["Lists", "清单"], calendar: ["Calendar", "日历"], settings: ["Settings", "设置"], playing: ["Now playing", "正在播放"],
  route_to: ["Route", "导航"], contacts: ["Contacts", "联系人"],
  not_playing: ["Nothing plays", "未在播放"], more: ["{n} more", "另有 {n} 项"],
  car_alt: ["The car from above.", "车辆俯视图。"],
};

export const SUGGESTIONS = {
  en: ["Open my window to 40 percent", "Set my temperature to 22.5 degrees", "Turn off all reading lights",
    "Turn on the headlights", "Turn off the headlights", "Unlock the doors", "Is the sunroof open?", "Turn on the hazard lights and lock the car",
    "Set a timer for 10 minutes", "Undo that"],
  zh: ["把我的车窗开到百分之四十", "温度调到二十二度半", "关闭所有阅读灯", "打开大灯", "关闭大灯", "解锁车门",
    "天窗开着吗？", "打开双闪并锁车", "定一个十分钟的计时器", "撤销"],
};

let language = remembered() || document.documentElement.dataset.deviceLanguage || (navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en");
const listeners = [];

export const lang = () => language;
export const onLanguage = (listener) => listeners.push(listener);

// A text of this page; `{name}` places are filled from `values`.
export function t(key, values = {}) {
  const pair = WORDS[key];
  const text = pair ? pair[language === "zh" ? 1 : 0] : key;
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

// A text that the device gives in both languages.
export const said = (words) => (words ? words[language] ?? words.en : "");

export function setLanguage(wanted) {
  language = wanted;
  try { localStorage.setItem("edgewise.language", wanted); } catch { /* lasts for this page */ }
  paint();
  for (const listener of listeners) listener();
}

export function paint(root = document) {
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  for (const node of root.querySelectorAll("[data-t]")) node.textContent = t(node.dataset.t);
  for (const node of root.querySelectorAll("[data-t-label]")) node.setAttribute("aria-label", t(node.dataset.tLabel));
  for (const node of root.querySelectorAll("[data-t-hint]")) node.placeholder = t(node.dataset.tHint);
  for (const button of document.querySelectorAll("[data-language]")) {
    button.setAttribute("aria-pressed", String(button.dataset.language === language));
  }
}

function remembered() {
  try { return localStorage.getItem("edgewise.language"); } catch { return null; }
}
