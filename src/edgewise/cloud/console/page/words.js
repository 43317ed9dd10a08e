// Every word of the console in both languages.

import { learn } from "./language.js";

export { has, lang, onLanguage, paint, setLanguage, t } from "./language.js";

const WORDS = {
  skip: ["Skip to the content", "跳到内容"], console: ["Console", "控制台"], organisation: ["Organisation", "组织"],
  language: ["Language", "语言"], appearance: ["Appearance", "外观"], places: ["Places", "导航"],
  theme_system: ["Auto", "自动"], theme_light: ["Light", "浅色"], theme_dark: ["Dark", "深色"],
  retry: ["Try again", "重试"], reload: ["Load again", "刷新"], cancel: ["Cancel", "取消"], save: ["Save", "保存"], make: ["Make", "创建"],
  change: ["Change", "修改"], delete: ["Delete", "删除"], archive: ["Archive", "归档"], rename: ["Rename", "重命名"], copy: ["Copy", "复制"],
  copied: ["Copied", "已复制"], copy_by_hand: ["It is selected; copy it by the keyboard.", "已选中，请用键盘复制。"],
  sign_in: ["Sign in", "登录"], sign_out: ["Sign out", "退出登录"], email: ["E-mail", "邮箱"], password: ["Password", "密码"], or: ["or", "或"],
  sign_in_hint: ["The first start of the platform printed an address and a password.", "平台首次启动时会打印登录邮箱和密码。"],
  sign_in_by: ["Sign in with {name}", "通过 {name} 登录"],
  no_organisation: ["You are in no organisation. Ask an administrator to add you by the id of your account.", "您还不属于任何组织。请让管理员用您的账号 ID 添加您。"],

  overview: ["Overview", "概览"], keys: ["Keys", "密钥"], budgets: ["Budgets", "预算"], usage: ["Usage", "用量"], live: ["Live requests", "实时请求"],
  traces: ["Traces", "追踪"], models: ["Models", "模型"], projects: ["Projects", "项目"], devices: ["Devices", "设备"], members: ["Members", "成员"], account: ["Account", "账号"],

  today: ["Cost today", "今日费用"], requests_today: ["Requests today", "今日请求"], last_days: ["Cost, last {n} days", "近 {n} 天费用"], running_now: ["Running now", "正在进行"],
  usage_days: ["Usage, last {n} days (UTC)", "近 {n} 天用量（UTC）"], measure: ["What to plot", "绘图内容"], cost: ["Cost", "费用"], tokens: ["Tokens", "令牌"], requests: ["Requests", "请求"],
  plot_label: ["{what} by day, last {n} days", "近 {n} 天每日{what}"], top_models: ["Models by cost, last 30 days", "近 30 天各模型费用"],
  n_requests: ["{n} requests", "{n} 次请求"], nothing_used: ["Nothing was used in this time.", "这段时间没有用量。"],
  begin: ["Begin here", "从这里开始"], begin_words: ["Any OpenAI client works with this base address and a key.", "任何 OpenAI 客户端都可以使用下面的地址和密钥。"], begin_keys: ["Make your first key", "创建第一个密钥"],
  spent_of: ["{spent} of {limit} spent", "已用 {spent}，共 {limit}"], held_now: ["{held} held by requests that run", "进行中的请求占用 {held}"],

  keys_hint: ["A key opens the API. Its secret is shown once, when it is made.", "密钥用于调用 API，只在创建时显示一次。"],
  make_key: ["New key", "新建密钥"], make_credential: ["New device credential", "新建设备凭证"], name: ["Name", "名称"], project: ["Project", "项目"], device: ["Device", "设备"],
  scope: ["Models and endpoints", "模型与接口"], expires: ["Expires", "到期"], never: ["never", "永不"], state: ["State", "状态"], revoke: ["Revoke", "吊销"],
  state_live: ["live", "有效"], state_expired: ["expired", "已过期"], state_revoked: ["revoked", "已吊销"],
  no_keys: ["There are no keys yet.", "还没有密钥。"], no_live_keys: ["No key is live.", "没有有效的密钥。"], show_ended: ["Show revoked and expired ones ({n})", "显示已吊销和已过期的（{n}）"],
  all_models: ["all models", "全部模型"], all_endpoints: ["all endpoints", "全部接口"], device_endpoints: ["models, agent", "models、agent"],
  models_allowed: ["Models it may use", "可用模型"], endpoints_allowed: ["Endpoints it may call", "可用接口"], none_is_all: ["None ticked: all.", "都不勾选表示全部。"], none_is_device: ["None ticked: models and agent.", "都不勾选表示 models 和 agent。"],
  empty_is_never: ["Empty: never.", "留空表示永不到期。"], own_limits: ["Limits of its own", "单独设置限额"], own_limits_hint: ["Unticked: the platform's defaults hold.", "不勾选则使用平台默认值。"], key_name_hint: ["What it is for, so that you know it again.", "写明用途，便于辨认。"],
  requests_a_minute: ["Requests a minute", "每分钟请求数"], tokens_a_minute: ["Tokens a minute", "每分钟令牌数"], requests_at_once: ["Requests at once", "并发请求数"], streams_at_once: ["Streams at once", "并发流数"],
  key_made: ["The key “{name}”", "密钥“{name}”"], shown_once: ["Copy it now: it is shown this once and cannot be asked for again.", "请现在复制：只显示这一次，之后无法再查看。"],
  for_clients: ["For a client in your shell:", "在终端中使用："], kept: ["I have kept it", "我已保存"],
  change_key: ["Change “{name}”", "修改“{name}”"], revoke_key: ["Revoke “{name}”?", "吊销“{name}”？"], revoke_words: ["Whoever uses it is refused at once, and it stays so. Make another key before, if something still needs one.", "使用它的程序会立即被拒绝，且无法恢复。如仍需要，请先创建新密钥。"],

  budgets_hint: ["Requests that run at once can not pass a cap together. The last one that a cap lets in may pass it by its own cost; after that all are refused.", "同时进行的请求不会一起超出预算；预算允许的最后一个请求可能超出，超出的只是它自己的费用，此后的请求都会被拒绝。"],
  no_budgets: ["There are no budgets: nothing caps what is spent.", "还没有预算：花费没有上限。"], set_one: ["Set one", "设置预算"], make_budget: ["New budget", "新建预算"],
  what_for: ["What it caps", "适用范围"], period: ["Period", "周期"], period_hint: ["Days and months begin at midnight UTC.", "按 UTC 零点计算日和月。"], period_day: ["per day", "每日"], period_month: ["per month", "每月"], period_total: ["in total", "总计"],
  scope_organisation: ["Organisation", "组织"], scope_project: ["Project", "项目"], scope_key: ["Key", "密钥"], limit_in: ["Limit in {currency}", "上限（{currency}）"], limit_hint: ["A number like 25 or 0.5; 0 lets nothing be spent.", "如 25 或 0.5；0 表示不允许花费。"],
  change_budget: ["Change the budget of “{name}”", "修改“{name}”的预算"], delete_budget: ["Delete the budget of “{name}”?", "删除“{name}”的预算？"], delete_budget_words: ["What it capped can then be spent without this limit.", "删除后，花费不再受此上限约束。"],

  usage_hint: ["What was used, by day in UTC. A request is here as soon as it has ended.", "按天（UTC）统计的用量，请求结束后立即计入。"],
  export_csv: ["Export CSV", "导出 CSV"], export_json: ["Export JSON", "导出 JSON"], saved: ["Saved as {name}", "已保存为 {name}"], since: ["From", "从"], until: ["To", "到"], all_projects: ["All projects", "全部项目"], told_by: ["Told apart by", "分组"],
  day: ["Day", "日期"], key: ["Key", "密钥"], model: ["Model", "模型"], input_tokens: ["Input tokens", "输入令牌"], cached_tokens: ["of these cached", "其中缓存"], output_tokens: ["Output tokens", "输出令牌"], cost_by_day: ["Cost by day", "每日费用"],

  live_hint: ["Who asks what, as it happens. What was said is not kept.", "实时显示谁在请求什么，不保存内容。"], newest: ["Newest that ended", "最近结束"], nothing_runs: ["Nothing runs now.", "当前没有请求。"], nothing_ended: ["Nothing has ended since the platform started.", "平台启动以来还没有结束的请求。"], waiting: ["Connecting …", "连接中……"],
  tokens_in_out: ["Tokens in / out", "令牌 入/出"], since_when: ["Since", "开始"], took: ["Took", "用时"], at: ["At", "时间"], outcome: ["Outcome", "结果"], minutes: ["{n} min", "{n} 分钟"],
  outcome_done: ["done", "完成"], outcome_failed: ["failed", "失败"], outcome_cancelled: ["cancelled", "已取消"], outcome_disconnected: ["client left", "客户端断开"], outcome_crashed: ["cut off", "被中断"],

  traces_hint: ["The newest spans, by OpenTelemetry's names for generative AI. No prompt is in them.", "最新的追踪记录，采用 OpenTelemetry 生成式 AI 命名，不含提示词。"], no_traces: ["Nothing was asked since the platform started.", "平台启动以来还没有请求。"], ok: ["ok", "正常"], failed: ["failed", "失败"],

  models_hint: ["What can be asked for, what it costs, and who answers.", "可用模型、价格与后端。"], kind_chat: ["chat", "对话"], kind_embedding: ["embedding", "向量"], context: ["Context", "上下文"], out_at_most: ["{n} out", "输出 {n}"],
  price_input: ["Input ({currency})", "输入（{currency}）"], price_cached: ["Cached", "缓存"], price_output: ["Output", "输出"], price_since: ["Since", "生效日期"], price_hint: ["Prices are for a million tokens.", "价格按每百万令牌计。"], free: ["free", "免费"], backends: ["Backends", "后端"],
  no_models: ["No model is set up; add one to cloud.toml.", "没有配置模型，请在 cloud.toml 中添加。"], no_backends: ["No backend is set up; add one to cloud.toml.", "没有配置后端，请在 cloud.toml 中添加。"], embedded: ["this machine", "本机"], upstream: ["upstream", "上游"], residency: ["Residency", "数据驻留"],
  backend_ready: ["ready", "就绪"], backend_resting: ["resting {n} s", "暂停 {n} 秒"], backends_hint: ["Counts are of your own newest requests. A backend that failed rests and is tried again by itself.", "计数仅含本组织最近的请求。失败的后端会暂停，之后自动重试。"],

  projects_hint: ["Keys, devices and budgets belong to a project.", "密钥、设备和预算都属于某个项目。"], make_project: ["New project", "新建项目"], content: ["Logged content", "内容日志"], content_on: ["may be logged", "允许记录"], content_off: ["not logged", "不记录"], content_opt_in: ["Prompts and answers may be logged", "允许记录提示词和回答"], content_hint: ["Off unless you need it to look for a fault.", "除非排查故障需要，否则请关闭。"],
  limits: ["Limits", "限额"], limits_hint: ["All empty: the platform's defaults hold. Otherwise an empty limit is none.", "全部留空则使用平台默认值，否则留空的一项表示不限。"], made: ["Made", "创建时间"], archived: ["archived", "已归档"], none: ["none", "无"], no_projects: ["There are no projects; make one to make keys in.", "还没有项目，请先创建。"], change_project: ["Change “{name}”", "修改“{name}”"], archive_project: ["Archive “{name}”?", "归档“{name}”？"], archive_project_words: ["Its keys are refused at once. What was used stays written.", "其密钥会立即失效，用量记录保留。"],

  devices_hint: ["A device has credentials of its own, apart from developers' keys.", "设备使用自己的凭证，与开发者密钥分开。"], register: ["Register a device", "注册设备"], register_words: ["Its credential is then made under Keys.", "之后在“密钥”中为它创建凭证。"], credentials: ["Live credentials", "有效凭证"], no_devices: ["No device is registered.", "还没有注册设备。"], archive_device: ["Archive “{name}”?", "归档“{name}”？"], archive_device_words: ["Its credentials are refused at once.", "其凭证会立即失效。"],

  members_hint: ["Who is in the organisation, and what they may do.", "组织成员及其权限。"], invite: ["Add a member", "添加成员"], role: ["Role", "角色"], role_owner: ["Owner", "所有者"], role_admin: ["Administrator", "管理员"], role_member: ["Member", "成员"], disabled: ["disabled", "已停用"], change_role: ["Change role", "修改角色"], remove: ["Remove", "移除"], leave: ["Leave", "退出"],
  roles_hint: ["Members make keys of their own; administrators manage all but owners.", "成员只能管理自己的密钥；管理员可管理除所有者外的一切。"], rename_organisation: ["Rename organisation", "重命名组织"],
  invite_hint: ["A new address gets a new account. Whoever has an account already tells you its id.", "新邮箱会建立新账号；已有账号的人请提供账号 ID。"], email_or_id: ["E-mail or account id", "邮箱或账号 ID"], email_or_id_hint: ["The id stands under Account, and begins with acc_.", "账号 ID 在“账号”页，以 acc_ 开头。"], for_new_account: ["For a new account.", "用于新账号。"], first_password: ["Make a first password", "生成初始密码"], first_password_hint: ["Leave it out for who signs in by the sign-in service.", "使用单点登录的人无需初始密码。"],
  invited: ["{name} is in", "已添加 {name}"], password_once: ["Hand over this password by a safe way. It is shown this once; its owner changes it under Account.", "请通过安全方式转交此密码。它只显示一次，本人可在“账号”页修改。"], remove_member: ["Remove {name}?", "移除 {name}？"], leave_organisation: ["Leave {name}?", "退出 {name}？"], remove_words: ["Keys made by this person are refused at once.", "此人创建的密钥会立即失效。"],

  you: ["You", "您"], id_hint: ["The id of your account: with it another organisation can add you.", "您的账号 ID，其他组织可凭它添加您。"], password_hint: ["Another password ends all other sessions.", "修改密码会结束其他所有会话。"], change_password: ["Change password", "修改密码"], password_now: ["Password now", "当前密码"], password_new: ["New password", "新密码"], password_rule: ["12 characters or more.", "至少 12 个字符。"], password_changed: ["The password is changed.", "密码已修改。"],
  sessions: ["Sessions", "会话"], sessions_hint: ["A session lasts 12 hours, in its browser tab alone.", "会话有效期 12 小时，仅限当前标签页。"], end_sessions: ["End all sessions", "结束所有会话"], end_sessions_words: ["You are signed out everywhere, here too.", "您将在所有地方退出登录，包括这里。"],

  error_link_lost: ["The platform does not answer. What is shown may be out of date.", "平台没有响应，显示的内容可能已过时。"], error_signed_out: ["Nobody is signed in, or the session is over.", "尚未登录或会话已结束，请重新登录。"], error_wrong_password: ["The address or the password is wrong.", "邮箱或密码错误；可用 edgewise cloud password 重设。"], error_too_many_sign_ins: ["Too many tries; wait a little.", "尝试次数过多，请稍后再试。"], error_stale_sign_in: ["This sign-in was begun elsewhere or is over. Begin it again.", "这次登录不是从本页发起或已失效，请重新开始。"], error_no_account: ["Nobody has invited you by this address.", "您的邮箱尚未受邀，请联系管理员。"], error_sign_in_refused: ["The sign-in service is not believed.", "登录服务返回的结果无法验证，请重试。"], error_sign_in_service_away: ["The sign-in service is away.", "登录服务暂时不可用，请稍后再试或使用密码。"],
  error_conflict: ["It is there already.", "已经存在，请改用现有的。"], error_not_found: ["It is not there any more.", "已不存在，请刷新页面。"], error_forbidden: ["Your role does not allow it.", "您的角色没有此权限，请联系管理员。"], error_bad_name: ["The name does not hold.", "名称需为 1 到 80 个可显示字符。"], error_bad_limits: ["A limit does not hold.", "限额数值无效。"], error_bad_limit: ["The limit does not hold.", "上限数值无效。"], error_bad_scope: ["The scope does not hold.", "范围无效：请检查模型、接口和到期时间。"], error_bad_email: ["The address does not hold.", "邮箱格式不正确。"], error_bad_password: ["The password does not hold.", "密码需为 12 到 256 个字符。"], error_archived: ["It is archived.", "已归档，请使用其他的。"], error_revoked: ["It is revoked.", "密钥已吊销，请新建一个。"], error_last_owner: ["It is the last owner.", "这是最后一位所有者，请先指定另一位。"], error_database_away: ["The database is away.", "数据库暂时不可用，请稍后再试。"], error_database_busy: ["The database is busy.", "数据库繁忙，请稍后再试。"],
};

learn(WORDS);
